//! The body of a response on its way out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::credit::Credit;
use crate::exchange::Exchange;
use crate::limits::Limits;
use crate::line::Line;
use crate::plain::{self, BoxError, Next, poll_body};

/// A request until its response has ended, or was given up.
#[derive(Debug)]
pub(super) struct Guard {
    line: Arc<Line>,
    /// On HTTP/2.
    stream: Option<Box<StreamWatch>>,
    progress: Progress,
}

/// How far a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    /// hyper has not asked for it, and may never, as for HEAD.
    Unasked,
    Begun,
    Ended,
}

/// What the reader of one HTTP/2 stream takes.
#[derive(Debug)]
struct StreamWatch {
    exchange: Arc<Exchange>,
    credit: Credit,
    /// Bytes of the last frame.
    offered: usize,
}

impl Guard {
    pub(super) fn new(line: Arc<Line>, exchange: Option<Arc<Exchange>>, limits: &Limits) -> Self {
        let watch = |exchange| {
            Box::new(StreamWatch {
                exchange,
                credit: Credit::new(limits.stall_timeout, limits.min_rate),
                offered: 0,
            })
        };
        Self {
            line,
            stream: exchange.map(watch),
            progress: Progress::Unasked,
        }
    }

    pub(super) fn exchange(&self) -> Option<&Arc<Exchange>> {
        self.stream.as_ref().map(|stream| &stream.exchange)
    }

    /// Whether the connection ends with this response.
    pub(super) fn is_stopping(&self) -> bool {
        self.line.switchboard.is_stopping()
    }

    /// hyper asks for a frame, so what it had has gone.
    fn asks(&mut self) {
        if self.progress == Progress::Unasked {
            self.progress = Progress::Begun;
        }
        let Some(stream) = &mut self.stream else {
            return;
        };
        let (now, taken) = (self.line.clock().now(), std::mem::take(&mut stream.offered));
        stream.credit.taken(taken, now, &stream.exchange.stall);
    }

    /// hyper has a frame, and asks for the next when the stream's window has room.
    fn has(&mut self, frame: &Frame<Bytes>) {
        self.line.set_unsent(true);
        let Some(stream) = &mut self.stream else {
            return;
        };
        stream.offered = frame.data_ref().map_or(0, Bytes::len);
        let now = self.line.clock().now();
        stream.credit.offered(now, &stream.exchange.stall);
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Some(stream) = &self.stream {
            stream.exchange.stall.clear();
        }
        if self.progress == Progress::Begun {
            self.line.cut();
        }
        self.line.finish();
    }
}

/// A body that notes when it has ended.
#[derive(Debug)]
pub(super) struct Served {
    body: Body,
    /// What the body gave when it was asked whether it can begin.
    first: Option<Frame<Bytes>>,
    /// What ends it, when what came before has left.
    failure: Option<BoxError>,
    guard: Guard,
}

impl Served {
    /// Asks a body of unknown length for its beginning: one that fails right away has sent
    /// nothing yet, and is a failure with a status.
    pub(super) fn begin(response: Response, guard: Guard, cx: &mut Context<'_>) -> Response<Self> {
        let (mut parts, body) = response.into_parts();
        guard.line.set_unsent(true);
        if parts.status == StatusCode::NOT_MODIFIED {
            // The length of the content that is not sent, or none: RFC 9110, section 8.6. axum
            // gives that of the empty body.
            parts.headers.remove(CONTENT_LENGTH);
        }
        let mut served = Self {
            body,
            first: None,
            failure: None,
            guard,
        };
        if served.body.size_hint().exact().is_none() {
            match poll_body(Pin::new(&mut served.body), cx) {
                Poll::Ready(Some(Ok(frame))) => served.first = Some(frame),
                Poll::Ready(Some(Err(error))) => {
                    tracing::error!(%error, "a response failed before its first byte");
                    return plain::reason(StatusCode::INTERNAL_SERVER_ERROR)
                        .map(|body| Self { body, ..served });
                }
                Poll::Ready(None) => served.body = Body::empty(),
                Poll::Pending => {}
            }
        }
        Response::from_parts(parts, served)
    }
}

impl HttpBody for Served {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Next {
        let this = &mut *self;
        this.guard.asks();
        if let Some(error) = this.failure.take() {
            tracing::error!(%error, "a response cannot go on, and is cut");
            return Poll::Ready(Some(Err(error)));
        }
        let polled = match this.first.take() {
            Some(first) => Poll::Ready(Some(Ok(first))),
            None => poll_body(Pin::new(&mut this.body), cx),
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) => {
                this.guard.has(&frame);
                if this.body.is_end_stream() {
                    this.guard.progress = Progress::Ended;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            // An error would take along what hyper has not sent; it sends while it waits.
            Poll::Ready(Some(Err(error))) => {
                this.failure = Some(error);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Poll::Ready(None) => {
                this.guard.progress = Progress::Ended;
                Poll::Ready(None)
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.failure.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.first {
            // Of unknown length, so its end is told by its frames.
            Some(_) => SizeHint::default(),
            None => self.body.size_hint(),
        }
    }
}
