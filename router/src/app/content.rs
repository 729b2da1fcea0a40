//! What a segment of a page is while it is put together.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use anabranch_boundaries::{Error, FallbackView, Result, panic, scope};
use maud::{Markup, PreEscaped};
use pin_project::pin_project;

/// A segment and all that is below it, as a future.
///
/// Implemented for every future of a [`Segment`]; what [`Visit`](super::Visit) returns is one.
pub trait Content: Future<Output = Result<Segment>> + Send + 'static {}

impl<F: Future<Output = Result<Segment>> + Send + 'static> Content for F {}

/// What a segment rendered.
#[derive(Clone, Debug)]
pub struct Segment {
    pub(super) markup: Markup,
    /// What failed in it and shows as a view: before the commit point, the status.
    pub(super) failure: Option<Error>,
}

impl From<Markup> for Segment {
    fn from(markup: Markup) -> Self {
        Self {
            markup,
            failure: None,
        }
    }
}

/// Views for what fails in a segment.
///
/// A [`not_found`](anabranch_boundaries::not_found) is shown by the nearest not-found view, any
/// other failure by the nearest error view. A redirect is shown by none: it leads away.
#[derive(Clone, Copy, Debug, Default)]
pub struct Views {
    /// `error.rs`
    pub error: Option<fn(&Error) -> Markup>,
    /// `not-found.rs`
    pub not_found: Option<fn() -> Markup>,
}

impl Views {
    /// The view for `error`, if there is one. A view that panics is none.
    pub(super) fn show(self, error: &Error) -> Option<Markup> {
        let make = || {
            if error.is_redirect() {
                None
            } else if error.is_not_found() {
                self.not_found.map(|view| view())
            } else {
                self.error.map(|view| view(error))
            }
        };
        let shown = panic::catch(|| scope::mask("an error or not-found view", make));
        shown.unwrap_or_else(|_| {
            tracing::error!(error.id = %error.id(), "a view panicked; using the next one out");
            None
        })
    }
}

/// The text of a view that is a file.
#[must_use]
pub fn html(text: &'static str) -> Markup {
    PreEscaped(text.to_owned())
}

/// Shows a view in the place of content that fails, or of a boundary in it that fails and has no
/// view of its own.
#[pin_project]
pub(super) struct Catch<C> {
    #[pin]
    content: C,
    views: Views,
    /// The views for boundaries, and behind them those further out; made by the first poll.
    fallback: Option<FallbackView>,
}

impl<C> Catch<C> {
    pub(super) fn new(views: Views, content: C) -> Self {
        Self {
            content,
            views,
            fallback: None,
        }
    }
}

/// `views`, and behind them those that are open now.
pub(super) fn before_outer(views: Views) -> FallbackView {
    let outer = scope::fallback();
    Arc::new(move |error| views.show(error).or_else(|| outer.as_ref()?(error)))
}

impl<C: Content> Future for Catch<C> {
    type Output = Result<Segment>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Segment>> {
        let this = self.project();
        let views = *this.views;
        let fallback = this.fallback.get_or_insert_with(|| before_outer(views));
        let fallback = fallback.clone();
        let poll = || scope::with_fallback(fallback, || this.content.poll(cx));
        let polled = panic::catch(poll).unwrap_or_else(|panic| Poll::Ready(Err(panic)));
        let outcome = ready!(polled);
        Poll::Ready(outcome.or_else(|error| match this.views.show(&error) {
            Some(markup) => Ok(Segment {
                markup,
                failure: Some(error),
            }),
            None => Err(error),
        }))
    }
}
