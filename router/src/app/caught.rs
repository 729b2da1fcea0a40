//! A future whose panic is an error.

use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_boundaries::{Result, panic};
use pin_project::pin_project;

/// A middleware, a handler or an extractor: what panics in it fails, and cuts no connection.
#[pin_project]
pub(super) struct Caught<F>(#[pin] pub(super) F);

impl<F: Future> Future for Caught<F> {
    type Output = Result<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<F::Output>> {
        match panic::catch(|| self.project().0.poll(cx)) {
            Ok(polled) => polled.map(Ok),
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}
