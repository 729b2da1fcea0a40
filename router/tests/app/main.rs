//! The `app/` tree at run time, with the code written by hand that is generated from a folder.
//! No test sleeps: gates and paused time decide.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod composing;
mod extensions;
mod failures;
mod guarding;
mod identified;
#[path = "../support/log.rs"]
mod log;
mod logging;
mod matching;
mod middleware;
mod observing;
mod parameters;
mod rejections;
mod sharing;
mod submitting;
mod support;
mod views;
mod waiting;
