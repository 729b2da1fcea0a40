//! How long the parts of a page wait before its commit point, for whoever observes it.

use std::borrow::Cow;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use anabranch_boundaries::scope;
use anabranch_engine::{Monitor, Observer, PAGE, Span};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::time::Instant;

/// A wait shorter than this is no wait, but the time that a poll takes.
const SHORTEST: Duration = Duration::from_micros(100);

/// Whoever observes a page. Nobody, but in tests and development: nothing is measured then.
#[derive(Clone)]
pub(crate) struct Watch(Option<Arc<[Arc<dyn Observer>]>>);

impl Watch {
    pub(crate) fn of(monitor: Option<&Monitor>) -> Self {
        Self(monitor.and_then(Monitor::observers))
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// The start of something, for [`end`](Self::end).
    pub(crate) fn begin(&self) -> Option<Instant> {
        self.is_on().then(Instant::now)
    }

    /// Tells of something that ends now. It has begun at `since`.
    pub(crate) fn end(&self, what: &'static str, place: &str, since: Option<Instant>) {
        if let (Some(observers), Some(since)) = (&self.0, since) {
            let span = Span::ending_now(what, place, since);
            observers
                .iter()
                .for_each(|observer| observer.awaited(&span));
        }
    }

    /// `future`, timed from its first poll.
    pub(crate) fn time<T: 'static>(
        self,
        what: &'static str,
        place: impl Into<Cow<'static, str>>,
        future: BoxFuture<'static, T>,
    ) -> BoxFuture<'static, T> {
        self.time_own(what, place, future, || false)
    }

    /// `future`, timed without what it waits for others, which `waits_for_others` tells after a
    /// poll.
    pub(crate) fn time_own<T: 'static>(
        self,
        what: &'static str,
        place: impl Into<Cow<'static, str>>,
        future: BoxFuture<'static, T>,
        waits_for_others: impl Fn() -> bool + Send + Unpin + 'static,
    ) -> BoxFuture<'static, T> {
        if !self.is_on() {
            return future;
        }
        Box::pin(Timed {
            future,
            watch: self,
            what,
            place: place.into(),
            since: None,
            was_told: false,
            waits_for_others,
        })
    }
}

struct Timed<T, W> {
    future: BoxFuture<'static, T>,
    watch: Watch,
    what: &'static str,
    place: Cow<'static, str>,
    /// Start of a wait of its own.
    since: Option<Instant>,
    was_told: bool,
    waits_for_others: W,
}

impl<T, W: Fn() -> bool + Unpin> Future for Timed<T, W> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = &mut *self;
        let since = *this.since.get_or_insert_with(Instant::now);
        let polled = this.future.poll_unpin(cx);
        if polled.is_ready() || (this.waits_for_others)() {
            this.since = None;
            let is_wait = since.elapsed() >= SHORTEST || (polled.is_ready() && !this.was_told);
            // What a boundary waits for, the page does not.
            if is_wait && scope::component().id == PAGE {
                this.was_told = true;
                this.watch.end(this.what, &this.place, Some(since));
            }
        }
        polled
    }
}
