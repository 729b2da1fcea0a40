//! A streamed response that waits is taken over from hyper.
//!
//! hyper keeps two buffers of 8 KiB and its own state for as long as a response is open, though
//! all that is left to do is to write chunks. So where there are more than a few connections hyper is
//! let go as soon as it has written all that it had and the response really waits; the rest is
//! written here, and a new hyper reads the next request. A page that waits for its boundaries then
//! takes half the memory.
//!
//! Only the plain case is taken over: HTTP/1.1, a request without a body, a response in chunks
//! without trailers, a connection that stays open.

use std::future::poll_fn;
use std::io::{self, Cursor, Write as _};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use axum::body::Bytes;
use axum::response::Response;
use bytes::Buf;
use http::header::{CONNECTION, CONTENT_LENGTH, TRAILER, TRANSFER_ENCODING};
use http::{Method, Request, StatusCode, Version};
use http_body::{Body, SizeHint};
use hyper::body::Incoming;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::served::Served;
use crate::line::Line;
use crate::plain::{BoxError, Next};

/// A size in hexadecimal digits, and what ends the line.
const MAX_SIZE_LINE: usize = 2 * size_of::<usize>() + END_OF_CHUNK;
const END_OF_CHUNK: usize = b"\r\n".len();

/// Where whoever drives a connection finds the response that hyper writes, if that is one to be
/// taken over.
#[derive(Debug, Default)]
pub(super) struct Handover {
    response: Mutex<Option<Served>>,
    /// Whether it had nothing to give when it was last asked.
    waits: AtomicBool,
    /// Whether it was seen to wait since it last gave something.
    was_seen: AtomicBool,
    /// Whether it is hyper's no longer.
    is_taken: AtomicBool,
}

impl Handover {
    /// Whether hyper can be let go: it has written all that it had of the response, which waits.
    pub(super) fn is_due(&self, line: &Line) -> bool {
        self.waits.load(Relaxed) && !line.has_unsent()
    }

    /// Notes that the response was seen to wait, and returns whether it was before.
    pub(super) fn see(&self) -> bool {
        self.was_seen.swap(true, Relaxed)
    }

    /// Takes the response over: hyper no longer ends it.
    pub(super) fn take(&self) {
        self.is_taken.store(true, Relaxed);
    }

    /// Drops the response.
    pub(super) fn end(&self) {
        self.waits.store(false, Relaxed);
        self.is_taken.store(false, Relaxed);
        let response = self.response().take();
        drop(response);
    }

    fn response(&self) -> MutexGuard<'_, Option<Served>> {
        self.response.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll_frame(&self, cx: &mut Context<'_>) -> Next {
        let polled = match &mut *self.response() {
            Some(response) => Pin::new(response).poll_frame(cx),
            None => Poll::Ready(None),
        };
        self.waits.store(polled.is_pending(), Relaxed);
        if polled.is_ready() {
            self.was_seen.store(false, Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.response().as_ref().is_none_or(Body::is_end_stream)
    }
}

/// Whether the response to `request` can be taken over, as far as that is up to the request and
/// not to its fields.
pub(super) fn may_be_taken(request: &Request<Incoming>) -> bool {
    request.version() == Version::HTTP_11
        && *request.method() != Method::HEAD
        && *request.method() != Method::CONNECT
        && request.body().is_end_stream()
}

/// Whether hyper sends `response` in chunks, and nothing else is special about it.
fn is_in_chunks(response: &Response<Served>) -> bool {
    let status = response.status();
    let has_content = !status.is_informational()
        && status != StatusCode::NO_CONTENT
        && status != StatusCode::NOT_MODIFIED;
    let special = [CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, TRAILER];
    has_content
        && response.body().size_hint().exact().is_none()
        && !response.headers().keys().any(|name| special.contains(name))
}

/// The body of a response as hyper is given it.
pub(super) enum Outgoing {
    /// It stays with hyper.
    Given(Served),
    /// It may be taken over.
    Lent(Lent),
}

/// A response that hyper has on loan: dropping this ends it, if it was not taken over.
pub(super) struct Lent(Arc<Handover>);

impl Outgoing {
    /// Gives `response` to hyper, or lends it by `handover` if there is one and it is one to be
    /// taken over.
    pub(super) fn of(
        response: Response<Served>,
        handover: Option<Arc<Handover>>,
    ) -> Response<Self> {
        match handover.filter(|_| is_in_chunks(&response)) {
            Some(handover) => response.map(|served| {
                *handover.response() = Some(served);
                Self::Lent(Lent(handover))
            }),
            None => response.map(Self::Given),
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Next {
        match &mut *self {
            Self::Given(response) => Pin::new(response).poll_frame(cx),
            Self::Lent(Lent(handover)) => handover.poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Given(response) => response.is_end_stream(),
            Self::Lent(Lent(handover)) => handover.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Given(response) => response.size_hint(),
            Self::Lent(_) => SizeHint::default(),
        }
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if !self.0.is_taken.load(Relaxed) {
            self.0.end();
        }
    }
}

/// Writes the rest of a response that was taken over, to its last chunk.
///
/// # Errors
/// The socket's, or that of a response that failed. What was written is then visibly incomplete:
/// the last chunk is missing.
pub(super) async fn write_rest(
    io: &mut (impl AsyncWrite + Unpin),
    handover: &Handover,
) -> io::Result<()> {
    // hyper has just asked for more, with the waker of this same task.
    wake_up().await;
    loop {
        let (data, is_last) = poll_fn(|cx| poll_data(io, handover, cx)).await?;
        if is_last {
            // What it holds is given back before the client has read the last of it.
            handover.end();
        }
        io.write_all_buf(&mut chunk(data, is_last)).await?;
        if is_last {
            return io.flush().await;
        }
    }
}

/// The next data, and whether it is the last.
fn poll_data(
    io: &mut (impl AsyncWrite + Unpin),
    handover: &Handover,
    cx: &mut Context<'_>,
) -> Poll<io::Result<(Bytes, bool)>> {
    match handover.poll_frame(cx) {
        Poll::Ready(Some(Ok(frame))) => {
            let data = frame.into_data().unwrap_or_default();
            Poll::Ready(Ok((data, handover.is_end_stream())))
        }
        Poll::Ready(Some(Err(error))) => Poll::Ready(Err(io::Error::other(error))),
        Poll::Ready(None) => Poll::Ready(Ok((Bytes::new(), true))),
        Poll::Pending => match Pin::new(io).poll_flush(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
        },
    }
}

/// `data` as a chunk, RFC 9112, section 7.1, and the last chunk behind it if `is_last`. Without
/// data there is no chunk, because an empty one is the last.
fn chunk(data: Bytes, is_last: bool) -> impl Buf {
    let mut size = Cursor::new([0; MAX_SIZE_LINE]);
    let mut end: &'static [u8] = if is_last { b"\r\n0\r\n\r\n" } else { b"\r\n" };
    if data.is_empty() {
        end.advance(END_OF_CHUNK);
    } else {
        // There is room for any size.
        let _ = write!(size, "{:x}\r\n", data.len());
    }
    let written = size.position() as usize;
    size.set_position(0);
    size.take(written).chain(data).chain(end)
}

/// Waits until the task is woken.
async fn wake_up() {
    let mut was_asleep = false;
    poll_fn(|_| {
        if std::mem::replace(&mut was_asleep, true) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(data: &'static str, is_last: bool) -> Vec<u8> {
        let mut chunk = chunk(Bytes::from_static(data.as_bytes()), is_last);
        chunk.copy_to_bytes(chunk.remaining()).to_vec()
    }

    #[test]
    fn a_chunk_has_its_size_before_it() {
        assert_eq!(written("0123456789", false), b"a\r\n0123456789\r\n");
        let long = "x".repeat(0x1234).leak();
        assert!(written(long, false).starts_with(b"1234\r\nxx"));
    }

    #[test]
    fn only_the_last_chunk_is_empty() {
        assert_eq!(written("", false), b"");
        assert_eq!(written("", true), b"0\r\n\r\n");
        assert_eq!(written("a", true), b"1\r\na\r\n0\r\n\r\n");
    }
}
