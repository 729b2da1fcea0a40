//! A response as bytes: its head, and how it tells its end.

use std::cell::RefCell;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::response::Response;
use bytes::{Buf, Bytes};
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRAILER, TRANSFER_ENCODING};
use http::response::Parts;
use http::{HeaderMap, StatusCode};
use hyper::ext::ReasonPhrase;
use tokio::io::AsyncWrite;

use crate::connection::served::Served;
use crate::limits::MAX_UNSENT;
use crate::plain;

/// Room for what stands around data: most heads, and small data too. What needs more goes out
/// from where it is.
const ROOM: usize = 512;

/// Room in a head for what the server adds: status, length, and date.
const OWN_FIELDS: usize = 160;

/// A size in hexadecimal digits, and what ends the line.
const MAX_SIZE_LINE: usize = 2 * size_of::<usize>() + END_OF_CHUNK.len();

const END_OF_CHUNK: &[u8] = b"\r\n";
const END_OF_LAST: &[u8] = b"\r\n0\r\n\r\n";

/// A response on its way out.
#[derive(Debug)]
pub(super) struct Outgoing {
    framing: Framing,
    stays: bool,
}

/// How a reader knows where the response ends, RFC 9112, section 6.3.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Framing {
    /// It has no content.
    Empty,
    /// These many bytes are left.
    Length(u64),
    Chunks,
}

impl Outgoing {
    /// Takes a response apart: how it goes on, its body, and its head.
    pub(super) fn begin(response: Response<Served>) -> (Self, Served, Unsent) {
        let (mut parts, body) = response.into_parts();
        let mut framing = Framing::of(parts.status, body.left());
        if parts.status.is_informational() {
            // Nobody has asked for another protocol, and no content can follow.
            tracing::error!(status = %parts.status, "a handler answers with what is no answer");
            parts = nothing();
            framing = Framing::Length(0);
        }
        let mut unsent = Unsent::default();
        write_head(&mut unsent.bytes, &parts, framing);
        let stays = !closes(&parts.headers);
        (Self { framing, stays }, body, unsent)
    }

    /// Whether content may follow.
    pub(super) fn is_open(&self) -> bool {
        !matches!(self.framing, Framing::Empty | Framing::Length(0))
    }

    /// Adds content.
    pub(super) fn write(&mut self, mut data: Bytes, unsent: &mut Unsent) {
        match &mut self.framing {
            Framing::Empty => {}
            Framing::Length(left) => {
                // No more than was declared, whatever the app has.
                data.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= data.len() as u64;
                unsent.push(data, b"");
            }
            // An empty chunk is the last one.
            Framing::Chunks if data.is_empty() => {}
            Framing::Chunks => unsent.push_chunk(data),
        }
    }

    /// Adds what tells the end.
    pub(super) fn end(&self, unsent: &mut Unsent) {
        if self.framing == Framing::Chunks {
            unsent.push_last_chunk();
        }
    }

    /// Whether the connection stays open behind the response, all of which was written.
    ///
    /// # Errors
    /// It has less content than was declared.
    pub(super) fn stays(&self) -> io::Result<bool> {
        match self.framing {
            Framing::Length(1..) => {
                let message = "a response is shorter than its content-length";
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, message))
            }
            Framing::Empty | Framing::Length(0) | Framing::Chunks => Ok(self.stays),
        }
    }
}

impl Framing {
    /// How a response with so many bytes of content tells its end, if the number is known.
    fn of(status: StatusCode, length: Option<u64>) -> Self {
        if plain::has_no_content(status) {
            return Self::Empty;
        }
        length.map_or(Self::Chunks, Self::Length)
    }
}

/// The head of a failure that ends the connection.
fn nothing() -> Parts {
    let mut response = plain::reason(StatusCode::INTERNAL_SERVER_ERROR);
    plain::close(&mut response);
    response.into_parts().0
}

/// Whether the app wants the connection to end.
fn closes(headers: &HeaderMap) -> bool {
    // There are few, so to look at each costs less than to look one up.
    let connection = headers.iter().filter(|(name, _)| *name == CONNECTION);
    let mut options =
        connection.flat_map(|(_, value)| value.as_bytes().split(|byte| *byte == b','));
    options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"close"))
}

fn write_head(out: &mut Vec<u8>, parts: &Parts, framing: Framing) {
    let fields = parts.headers.iter();
    let fields = fields.map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    out.reserve(ROOM.max(fields.sum::<usize>() + OWN_FIELDS));
    let own = parts.extensions.get::<ReasonPhrase>();
    if parts.status == StatusCode::OK && own.is_none() {
        out.extend_from_slice(b"HTTP/1.1 200 OK\r\n");
    } else {
        let canonical = || {
            parts
                .status
                .canonical_reason()
                .unwrap_or_default()
                .as_bytes()
        };
        out.extend_from_slice(b"HTTP/1.1 ");
        out.extend_from_slice(parts.status.as_str().as_bytes());
        out.push(b' ');
        out.extend_from_slice(own.map_or_else(canonical, ReasonPhrase::as_bytes));
        out.extend_from_slice(b"\r\n");
    }
    let mut has_date = false;
    for (name, value) in &parts.headers {
        // Those about the framing are the server's, and nobody has asked for trailers.
        if [CONTENT_LENGTH, TRANSFER_ENCODING, TRAILER].contains(name) {
            continue;
        }
        has_date |= *name == DATE;
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    match framing {
        Framing::Empty => {}
        Framing::Length(length) => {
            out.extend_from_slice(b"content-length: ");
            out.extend_from_slice(itoa::Buffer::new().format(length).as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        Framing::Chunks => out.extend_from_slice(b"transfer-encoding: chunked\r\n"),
    }
    if !has_date {
        out.extend_from_slice(b"date: ");
        write_date(out);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
}

/// Appends the time, which is put into words once a second.
fn write_date(out: &mut Vec<u8>) {
    thread_local! {
        static LAST: RefCell<(u64, String)> = const { RefCell::new((u64::MAX, String::new())) };
    }
    let now = SystemTime::now();
    let second = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    LAST.with_borrow_mut(|(last, date)| {
        if *last != second {
            *last = second;
            *date = httpdate::fmt_http_date(now);
        }
        out.extend_from_slice(date.as_bytes());
    });
}

/// What the socket has not taken yet: bytes, then data that was not copied there, then what
/// follows it.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    bytes: Vec<u8>,
    /// How many of the bytes it has taken.
    taken: usize,
    data: Bytes,
    end: &'static [u8],
}

impl Unsent {
    pub(super) fn is_empty(&self) -> bool {
        self.taken == self.bytes.len() && self.data.is_empty() && self.end.is_empty()
    }

    /// Whether more can be added before this is written.
    pub(super) fn has_room(&self) -> bool {
        self.data.is_empty() && self.end.is_empty() && self.bytes.len() < MAX_UNSENT
    }

    /// Adds data as a chunk. There must be room.
    fn push_chunk(&mut self, data: Bytes) {
        // At once, with what may follow the last. What is larger goes out from where it is.
        let small = Some(data.len()).filter(|len| *len <= ROOM);
        let room = small.map_or(0, |len| len + END_OF_LAST.len());
        self.bytes.reserve(MAX_SIZE_LINE + room);
        self.push_size(data.len());
        self.push(data, END_OF_CHUNK);
    }

    /// Adds the first line of a chunk.
    fn push_size(&mut self, size: usize) {
        let digits = (usize::BITS - size.leading_zeros()).div_ceil(4);
        for digit in (0..digits).rev() {
            let digit = size >> (4 * digit) & 0xf;
            self.bytes.push(b"0123456789abcdef"[digit]);
        }
        self.bytes.extend_from_slice(b"\r\n");
    }

    /// Adds data and what follows it. There must be room.
    fn push(&mut self, data: Bytes, end: &'static [u8]) {
        let room = self.bytes.capacity() - self.bytes.len();
        if data.len() + end.len() <= room.max(ROOM) {
            self.bytes.extend_from_slice(&data);
            self.bytes.extend_from_slice(end);
        } else {
            (self.data, self.end) = (data, end);
        }
    }

    fn push_last_chunk(&mut self) {
        if self.data.is_empty() {
            self.bytes
                .extend_from_slice(&END_OF_LAST[END_OF_CHUNK.len()..]);
        } else {
            self.end = END_OF_LAST;
        }
    }

    pub(super) fn poll_write(
        &self,
        io: Pin<&mut impl AsyncWrite>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<usize>> {
        let bytes = &self.bytes[self.taken..];
        if self.data.is_empty() && self.end.is_empty() {
            return io.poll_write(cx, bytes);
        }
        let slices = [bytes, &self.data, self.end].map(IoSlice::new);
        io.poll_write_vectored(cx, &slices)
    }

    /// The socket has taken so much.
    pub(super) fn advance(&mut self, mut written: usize) {
        let of_bytes = written.min(self.bytes.len() - self.taken);
        self.taken += of_bytes;
        written -= of_bytes;
        let of_data = written.min(self.data.len());
        self.data.advance(of_data);
        written -= of_data;
        self.end.advance(written.min(self.end.len()));
        if self.is_empty() {
            // A response may wait for long, and even empty data holds on to where it was.
            *self = Self::default();
        }
    }
}
