//! The kit on a small app: every assertion, where it holds and where it does not.

mod assertions;
mod dashboard;
mod evidence;
mod judged;
mod stage;
mod tree;

use std::panic::{AssertUnwindSafe, catch_unwind};

use anabranch_paint::Result;

/// The message with which a test fails.
#[track_caller]
fn failure(test: impl FnOnce() -> Result) -> String {
    let panic = match catch_unwind(AssertUnwindSafe(test)) {
        Ok(Ok(())) => panic!("it passes, but should fail"),
        Ok(Err(error)) => panic!("it fails before its assertion: {error:?}"),
        Err(panic) => panic,
    };
    let message = panic.downcast::<String>().map(|message| *message);
    message.unwrap_or_else(|_| panic!("the message is no text"))
}

/// Asserts that a message has these phrases.
#[track_caller]
fn says(message: &str, phrases: &[&str]) {
    for phrase in phrases {
        assert!(message.contains(phrase), "no {phrase:?} in: {message}");
    }
}
