//! A part of a file on its way out.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Bytes, HttpBody};
use futures_util::Stream;
use http_body::{Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, Take};
use tokio_util::io::ReaderStream;

/// How much of a big file is in memory at once.
const CHUNK: usize = 64 * 1024;

/// A body of a length that is known and kept: a file that ends before is an error, and not an end
/// that a client could take for the file's.
#[derive(Debug)]
pub(super) struct Part {
    /// Bytes that were promised and not given yet.
    left: u64,
    /// `None` when there is nothing more to read.
    bytes: Option<ReaderStream<Take<File>>>,
}

impl Part {
    /// The next `len` bytes of `file`.
    pub(super) fn new(file: File, len: u64) -> Self {
        let bytes = ReaderStream::with_capacity(file.take(len), CHUNK);
        Self {
            left: len,
            bytes: (len > 0).then_some(bytes),
        }
    }

    fn too_short(&self) -> io::Error {
        let left = self.left;
        let text = format!("a file became shorter while it was sent: {left} bytes are missing");
        io::Error::new(io::ErrorKind::UnexpectedEof, text)
    }
}

impl HttpBody for Part {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        let Some(bytes) = &mut this.bytes else {
            return Poll::Ready(None);
        };
        let read = ready!(Pin::new(bytes).poll_next(cx));
        let frame = read.unwrap_or_else(|| Err(this.too_short()));
        // No more than was promised is taken of the file.
        this.left -= frame.as_ref().map_or(0, |bytes| bytes.len() as u64);
        if this.left == 0 || frame.is_err() {
            // A body that failed or ended holds no file while its last bytes are sent.
            this.bytes = None;
        }
        Poll::Ready(Some(frame.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
