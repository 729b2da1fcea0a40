//! By which an answer without an end learns that its server stops.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_engine::{Connection, Drain};
use axum::extract::FromRequestParts;
use http::request::Parts;

/// Completes when the server begins to stop.
///
/// An extractor, and a future. For an answer that has no end of its own, such as an event stream
/// or a WebSocket: until it ends, or the drain deadline is over, the server waits for it. Pages
/// need none, since they have deadlines.
///
/// ```
/// use std::convert::Infallible;
///
/// use anabranch_server::Stopping;
/// use axum::response::sse::{Event, KeepAlive, Sse};
/// use futures_util::stream::{self, Stream, StreamExt as _};
///
/// async fn prices(stopping: Stopping) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
///     let prices = stream::iter([Ok(Event::default().data("42"))]).chain(stream::pending());
///     Sse::new(prices.take_until(stopping)).keep_alive(KeepAlive::default())
/// }
/// # let _: axum::Router = axum::Router::new().route("/prices", axum::routing::get(prices));
/// ```
///
/// Where the app is served otherwise, it never completes. A clone waits for the same.
///
/// # Cancel safety
/// Dropping it loses nothing, and `&mut stopping` may be awaited in a loop.
pub struct Stopping {
    drain: Option<Drain>,
    /// Since its first poll.
    wait: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Stopping {
    fn new(drain: Option<Drain>) -> Self {
        Self { drain, wait: None }
    }
}

impl Future for Stopping {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let Self { drain, wait } = &mut *self;
        let Some(drain) = drain else {
            return Poll::Pending;
        };
        let wait = wait.get_or_insert_with(|| Box::pin(drain.begun()));
        wait.as_mut().poll(cx)
    }
}

impl Clone for Stopping {
    fn clone(&self) -> Self {
        Self::new(self.drain.clone())
    }
}

impl fmt::Debug for Stopping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopping").finish_non_exhaustive()
    }
}

impl<S: Sync> FromRequestParts<S> for Stopping {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let connection = request.extensions.get::<Connection>();
        let drain = connection.map(|connection| connection.drain().clone());
        Ok(Self::new(drain))
    }
}
