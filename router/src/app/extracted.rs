//! What becomes of a file's function when its arguments are extracted.
//!
//! The types do not name the function: they are boxed, so that a function of the wrong kind is one
//! error of the compiler and not one for every step behind it.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_boundaries::{Error, Result};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Ready, ready};

use super::content::Segment;
use super::{Children, PageHead};

/// A file's function on the way to its arguments. Awaited, it is an error if an extractor rejects
/// the request: that is the response.
#[must_use = "nothing is extracted until it is awaited"]
pub struct Extracting<'v, T>(Extraction<'v, T>);

enum Extraction<'v, T> {
    /// It takes nothing.
    Ready(Ready<Result<T, Response>>),
    Pending(BoxFuture<'v, Result<T, Response>>),
}

impl<'v, T> Extracting<'v, T> {
    pub(super) fn ready(extracted: T) -> Self {
        Self(Extraction::Ready(ready(Ok(extracted))))
    }

    pub(super) fn pending(
        extraction: impl Future<Output = Result<T, Response>> + Send + 'v,
    ) -> Self {
        Self(Extraction::Pending(Box::pin(extraction)))
    }
}

impl<T: Unpin> Future for Extracting<'_, T> {
    type Output = Result<T, Response>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Extraction::Ready(ready) => ready.poll_unpin(cx),
            Extraction::Pending(future) => future.poll_unpin(cx),
        }
    }
}

impl<T> fmt::Debug for Extracting<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extracting").finish_non_exhaustive()
    }
}

/// A layout with its arguments.
pub struct Layout {
    start: Box<StartLayout>,
    /// What logs call it: its file.
    name: &'static str,
}

type StartLayout = dyn FnOnce(Children, PageHead) -> BoxFuture<'static, Result> + Send;

impl Layout {
    pub(super) fn new(
        name: &'static str,
        start: impl FnOnce(Children, PageHead) -> BoxFuture<'static, Result> + Send + 'static,
    ) -> Self {
        let start = Box::new(start);
        Self { start, name }
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn start(self, children: Children, head: PageHead) -> BoxFuture<'static, Result> {
        (self.start)(children, head)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layout").finish_non_exhaustive()
    }
}

/// A page with its arguments.
pub struct PageContent(BoxFuture<'static, Result>);

impl PageContent {
    pub(super) fn new(page: BoxFuture<'static, Result>) -> Self {
        Self(page)
    }

    pub(super) fn failed(error: Error) -> Self {
        Self::new(Box::pin(ready(Err(error))))
    }
}

impl Future for PageContent {
    type Output = Result<Segment>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Segment>> {
        self.0.poll_unpin(cx).map_ok(Segment::from)
    }
}

impl fmt::Debug for PageContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageContent").finish_non_exhaustive()
    }
}
