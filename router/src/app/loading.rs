//! A segment behind its loading view: a boundary, for a reader who takes the page in parts.
//!
//! The boundary's content starts with the page. The place where it stands is ready when all heads
//! are. If one of them has failed, the page is not found or fails as a whole, so the place waits
//! for the content, which then arrives with the shell; no loading view shows and the status is
//! real.

use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use anabranch_boundaries::{Boundary, Error, Result, boundary, scope};
use maud::{Markup, PreEscaped, html};
use pin_project::pin_project;

use super::content::{Catch, Content, Segment, Views, before_outer};
use super::failure;
use super::heads::Heads;
use super::slot::Slot;

/// A segment that has a loading view.
#[pin_project(project = LoadingProjection)]
pub(super) enum Loading<C> {
    /// For a reader who takes the page whole.
    Whole(#[pin] Catch<C>),
    /// For a reader who takes it in parts: the place of the boundary.
    Parts(Place),
}

impl<C: Content> Loading<C> {
    pub(super) fn whole(views: Views, content: C) -> Self {
        Self::Whole(Catch::new(views, content))
    }

    /// `file` is what logs call the boundary: that of its loading view, which says which folder
    /// it is of.
    pub(super) fn parts<V: FnOnce() -> Markup + Send + 'static>(
        route: &'static str,
        file: &'static str,
        loading: V,
        views: Views,
        content: C,
        heads: &Heads,
    ) -> Self {
        let report = Slot::new();
        let behind = Behind {
            content: Catch::new(views, content),
            reporter: Reporter(report.clone()),
            heads: heads.clone(),
            route,
        };
        let boundary = boundary(behind).loading(loading).name(file);
        Self::Parts(Place {
            boundary: Cell::new(Some(boundary)),
            views,
            markup: None,
            report,
            heads: heads.clone(),
        })
    }
}

impl<C: Content> Future for Loading<C> {
    type Output = Result<Segment>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Segment>> {
        match self.project() {
            LoadingProjection::Whole(content) => content.poll(cx),
            LoadingProjection::Parts(place) => place.poll(cx),
        }
    }
}

/// Where the boundary stands.
pub(super) struct Place {
    /// Taken when it is rendered. A cell, because a boundary cannot be shared between threads.
    boundary: Cell<Option<Boundary>>,
    /// What shows in its place when its time is up, or when its content fails with its own views.
    views: Views,
    /// The boundary, rendered.
    markup: Option<Markup>,
    report: Slot<Report>,
    heads: Heads,
}

impl Place {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Segment>> {
        // Rendered at once, so that the content starts now.
        if let Some(boundary) = self.boundary.take() {
            let views = before_outer(self.views);
            let render = || html! { (boundary) };
            self.markup = Some(scope::with_fallback(views, render));
        }
        ready!(self.heads.poll_all(cx));
        let failure = if self.heads.any_failed() {
            let report = ready!(self.report.poll_take(cx));
            report.transpose()?.flatten()
        } else {
            None
        };
        let markup = self.markup.take().unwrap_or(PreEscaped(String::new()));
        Poll::Ready(Ok(Segment { markup, failure }))
    }
}

/// The content of the boundary.
#[pin_project]
struct Behind<C> {
    #[pin]
    content: Catch<C>,
    reporter: Reporter,
    heads: Heads,
    route: &'static str,
}

/// Tells the place how the content ended, for a page that has not been committed: what failed
/// in it and shows as a view, or what has no view. Dropped before that, it tells that nothing
/// will come.
struct Reporter(Slot<Report>);

type Report = Result<Option<Error>>;

impl Drop for Reporter {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

impl<C: Content> Future for Behind<C> {
    type Output = Result;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result> {
        let this = self.project();
        let outcome = ready!(this.content.poll(cx));
        if this.heads.any_failed() {
            let (report, markup) = match outcome {
                Ok(segment) => (Ok(segment.failure), segment.markup),
                Err(error) => (Err(error), PreEscaped(String::new())),
            };
            this.reporter.0.fill(report, cx);
            return Poll::Ready(Ok(markup));
        }
        this.reporter.0.fill(Ok(None), cx);
        Poll::Ready(outcome.map(|segment| {
            if let Some(error) = &segment.failure {
                failure::log_late(this.route, error);
                failure::render_head(error);
            }
            segment.markup
        }))
    }
}
