//! The one timer of a response.
//!
//! Deadlines, grace and heartbeat share it. It is armed for the earliest of them and left there
//! when that moves away: a timer that fires early is armed again, which is cheaper than moving
//! it with every frame.

use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::time::{Instant, Sleep, sleep_until};

#[derive(Debug, Default)]
pub(crate) struct Timer {
    /// Made when something is first waited for: a page that is ready at once has none.
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Timer {
    /// Ready when `due` has passed, or a time armed before that. Else `cx` is woken then.
    pub(crate) fn poll(&mut self, due: Instant, cx: &mut Context<'_>) -> Poll<()> {
        let sleep = match &mut self.sleep {
            Some(sleep) => {
                if sleep.deadline() > due {
                    sleep.as_mut().reset(due);
                }
                sleep
            }
            empty => empty.insert(Box::pin(sleep_until(due))),
        };
        let fired = sleep.as_mut().poll(cx);
        if fired.is_ready() {
            self.sleep = None;
        }
        fired
    }
}
