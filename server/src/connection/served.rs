//! The body of a response on its way out.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::response::Response;
use http::StatusCode;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http_body::{Body as HttpBody, Frame, SizeHint};

use crate::credit::Credit;
use crate::exchange::Exchange;
use crate::limits::Limits;
use crate::line::Line;
use crate::plain::{self, BoxError, Next, declared_length, poll_body};

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

/// The largest piece in which HTTP/2 is given a frame, whose last byte is a piece of its own.
///
/// It takes a piece of any size as soon as the stream's window has room for a byte behind all that
/// it has taken before, and nobody looks after what it has. So this is how finely the reading of a
/// client is counted, and a response has not ended before there is room for its last byte.
const PIECE: usize = 16 << 10;

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

    /// What follows this response is no request.
    pub(super) fn becomes_tunnel(&self) {
        self.line.become_tunnel();
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
        let len = frame.data_ref().map(Bytes::len);
        // HTTP/2 does not look at the socket for an empty frame, so nobody would note that it left.
        if len != Some(0) {
            self.line.begin_sending();
        }
        let Some(stream) = &mut self.stream else {
            return;
        };
        stream.offered = len.unwrap_or(0);
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
    /// What the body gave and hyper has not had: the beginning, or the rest of a large frame.
    next: Option<Frame<Bytes>>,
    /// Bytes that are still to come, if the body or its header says.
    left: Option<u64>,
    /// What ends it, when what came before has left.
    failure: Option<BoxError>,
    guard: Guard,
}

impl Served {
    /// Asks a body of unknown length for its beginning: one that fails right away has sent
    /// nothing yet, and is a failure with a status.
    pub(super) fn begin(
        mut response: Response,
        guard: Guard,
        cx: &mut Context<'_>,
    ) -> Response<Self> {
        guard.line.begin_sending();
        frame_by_server(&mut response);
        let (parts, body) = response.into_parts();
        let exact = body.size_hint().exact();
        let mut served = Self {
            body,
            next: None,
            left: exact.or_else(|| declared_length(&parts.headers)),
            failure: None,
            guard,
        };
        if exact.is_none() {
            let polled = match poll_body(Pin::new(&mut served.body), cx) {
                Poll::Ready(None) if served.left.is_some_and(|left| left > 0) => {
                    let error = "the body of a response is shorter than its Content-Length";
                    Poll::Ready(Some(Err(error.into())))
                }
                polled => polled,
            };
            match polled {
                Poll::Ready(Some(Ok(frame))) => served.next = Some(frame),
                Poll::Ready(Some(Err(error))) => {
                    tracing::error!(%error, "a response failed before its first byte");
                    return plain::reason(StatusCode::INTERNAL_SERVER_ERROR).map(|body| Self {
                        left: body.size_hint().exact(),
                        body,
                        ..served
                    });
                }
                Poll::Ready(None) => {
                    served.body = Body::empty();
                    served.left = Some(0);
                }
                Poll::Pending => {}
            }
        }
        Response::from_parts(parts, served)
    }
}

/// Leaves the framing of a response to whoever writes it, so that it is the same on every
/// connection.
fn frame_by_server(response: &mut Response) {
    let status = response.status();
    if status.is_informational() && status != StatusCode::SWITCHING_PROTOCOLS {
        tracing::error!(%status, "a handler answers with what is no answer");
        *response = plain::reason(StatusCode::INTERNAL_SERVER_ERROR);
        plain::close(response);
    }
    if plain::has_no_content(status) {
        // hyper takes it off on HTTP/1 only, and to a client of HTTP/2 it is a broken stream.
        *response.body_mut() = Body::empty();
        // With 304 the length of the content that is not sent, or none; with 204 none: RFC 9110,
        // section 8.6. axum gives that of the body.
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    let headers = response.headers_mut();
    // What an app passes on of another server's answer. The coding is ours: RFC 9112, section 6.1.
    // There are few headers, so to look at each costs less than to look one up.
    if headers.keys().any(|name| name == TRANSFER_ENCODING) {
        headers.remove(TRANSFER_ENCODING);
    }
}

impl Served {
    /// How many bytes are still to come, if the body or its header says.
    pub(super) fn left(&self) -> Option<u64> {
        self.left
    }

    /// As much of `frame` as may leave at once.
    fn piece(&mut self, frame: Frame<Bytes>) -> Frame<Bytes> {
        if self.guard.stream.is_none() {
            return frame;
        }
        match frame.into_data() {
            Ok(mut data) if data.len() > 1 => {
                let piece = data.split_to(PIECE.min(data.len() - 1));
                self.next = Some(Frame::data(data));
                Frame::data(piece)
            }
            Ok(data) => Frame::data(data),
            Err(frame) => frame,
        }
    }

    fn count(&mut self, frame: &Frame<Bytes>) {
        if let Some(left) = &mut self.left {
            let sent = frame.data_ref().map_or(0, Bytes::len) as u64;
            *left = left.saturating_sub(sent);
        }
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
        let polled = match this.next.take() {
            Some(next) => Poll::Ready(Some(Ok(next))),
            None => poll_body(Pin::new(&mut this.body), cx),
        };
        match polled {
            Poll::Ready(Some(Ok(frame))) => {
                let frame = this.piece(frame);
                this.guard.has(&frame);
                this.count(&frame);
                // hyper asks for no more than was declared.
                if this.left == Some(0) || this.is_end_stream() {
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
        self.next.is_none() && self.failure.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match &self.next {
            // Its end is told by its frames.
            Some(_) => SizeHint::default(),
            None => self.body.size_hint(),
        }
    }
}
