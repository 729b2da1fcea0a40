//! The body of a request on its way in: not too large, not too slow.

use std::error::Error as StdError;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::DefaultBodyLimit;
use http::Request;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::{LengthLimitError, Limited};
use tokio::time::{Instant, Sleep, sleep_until};

use super::Config;
use crate::credit::Credit;
use crate::limits::after;
use crate::plain::declared_length;

type BoxError = Box<dyn StdError + Send + Sync>;

/// Why a body failed before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    TooLarge = 1,
    TooSlow,
}

/// Tells the answer what became of the body.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch(Arc<AtomicU8>);

impl Watch {
    pub(super) fn fault(&self) -> Option<Fault> {
        let fault = self.0.load(Ordering::Relaxed);
        [Fault::TooLarge, Fault::TooSlow]
            .into_iter()
            .find(|kind| *kind as u8 == fault)
    }

    /// Of a body that is not looked at.
    pub(super) fn of(fault: Fault) -> Self {
        let watch = Self::default();
        watch.note(fault);
        watch
    }

    fn note(&self, fault: Fault) {
        self.0.store(fault as u8, Ordering::Relaxed);
    }
}

/// Whether the body says right away that it is too large.
pub(super) fn is_too_large(config: &Config, request: &Request<Body>) -> bool {
    let length = declared_length(request.headers());
    let limit = config.body_limit.map(|limit| limit as u64);
    length
        .zip(limit)
        .is_some_and(|(length, limit)| length > limit)
}

/// Sets the limits on a request that has a body. They are these alone: axum's own limit, which
/// its extractors have by default, is lifted.
pub(super) fn limit(config: &Config, request: Request<Body>) -> (Request<Body>, Watch) {
    let watch = Watch::default();
    let mut request = request.map(|body| {
        Body::new(Upload {
            body: Limited::new(body, config.body_limit.unwrap_or(usize::MAX)),
            watch: watch.clone(),
            credit: Credit::new(config.body_timeout, config.body_rate),
            began: Instant::now(),
            timer: None,
        })
    });
    if config.body_limit.is_some() {
        DefaultBodyLimit::disable().apply(&mut request);
    }
    (request, watch)
}

struct Upload {
    body: Limited<Body>,
    watch: Watch,
    /// Spent while the app waits for bytes.
    credit: Credit,
    began: Instant,
    /// Rings when the credit is spent. Made with the first wait.
    timer: Option<Pin<Box<Sleep>>>,
}

impl Upload {
    /// Milliseconds since it began.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Whether the wait for bytes has lasted too long.
    fn poll_timeout(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let now = self.now();
        if let Some(ends_at) = self.credit.wait(now) {
            let deadline = after(Instant::now(), Duration::from_millis(ends_at - now));
            match &mut self.timer {
                Some(timer) => timer.as_mut().reset(deadline),
                None => self.timer = Some(Box::pin(sleep_until(deadline))),
            }
        }
        match &mut self.timer {
            Some(timer) => timer.as_mut().poll(cx),
            None => Poll::Pending,
        }
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.watch.fault() == Some(Fault::TooSlow) {
            return Poll::Ready(None);
        }
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Ok(frame))) => {
                if self.credit.is_waiting() {
                    let now = self.now();
                    self.credit.resume(now);
                }
                // Also what came together with what was waited for.
                self.credit.earn(frame.data_ref().map_or(0, Bytes::len));
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                if error.is::<LengthLimitError>() {
                    self.watch.note(Fault::TooLarge);
                }
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => self.poll_timeout(cx).map(|()| {
                self.watch.note(Fault::TooSlow);
                Some(Err(TooSlow.into()))
            }),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What a body that is too slow fails with.
#[derive(Debug)]
struct TooSlow;

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of the request arrived too slowly")
    }
}

impl StdError for TooSlow {}
