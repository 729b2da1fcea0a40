//! All of a page in one step: its heads, then its layouts and itself.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use anabranch_boundaries::Result;
use anabranch_engine::ResponseParts;
use pin_project::pin_project;

use super::content::{Content, Segment};
use super::failure;
use super::heads::{HeadFutures, Heads};

/// A page with all of its layouts, as a component.
#[pin_project]
pub(super) struct Whole<C> {
    #[pin]
    pub(super) content: C,
    pub(super) running: HeadFutures,
    pub(super) heads: Heads,
    /// What the content completed with, while heads are awaited.
    pub(super) complete: Option<Segment>,
    pub(super) parts: ResponseParts,
    pub(super) route: &'static str,
}

impl<C: Content> Future for Whole<C> {
    type Output = Result;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result> {
        let this = self.project();
        let heads = this.running.poll(this.heads, cx);
        if this.complete.is_none() {
            *this.complete = Some(ready!(this.content.poll(cx))?);
        }
        ready!(heads);
        let Some(Segment { markup, failure }) = this.complete.take() else {
            return Poll::Pending;
        };
        if let Some(error) = failure {
            failure::log(this.route, &error);
            // An error says that it is too late, which it is not before the commit point.
            let _ = this.parts.set_status(error.status());
            failure::render_head(&error);
        }
        Poll::Ready(Ok(markup))
    }
}
