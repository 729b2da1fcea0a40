//! A socket that notes what the client does, and hands hyper one request at a time.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use anabranch_engine::End;
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::sync::OwnedSemaphorePermit;

use super::request_scan::{Extent, RequestScan};
use crate::credit::Credit;
use crate::limits::Limits;
use crate::line::{Line, Side};
use crate::listener::sealed::Socket;

/// What a client sends before anything else if it speaks HTTP/2 right away.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// How much is read at a time of what is not for hyper: more than most heads have.
const READ: usize = 4 << 10;

/// How much is read of what a client sends behind a request that is being answered.
const MOST_AHEAD: usize = 16 << 10;

/// How long, and how much, is read of what a client still sends to a connection that is closing.
/// Closing a socket with unread data resets it, and a reset can overtake the response.
const LINGER: Duration = Duration::from_secs(2);
const MOST_LINGERING: u64 = 8 << 20;

/// A socket with its notes.
#[derive(Debug)]
pub(super) struct Io<T: Socket> {
    socket: T,
    line: Arc<Line>,
    credit: Credit,
    /// Read, but not by hyper yet.
    ahead: Vec<u8>,
    /// Whether hyper waits for bytes.
    is_wanted: bool,
    /// Whether to look for the client's end while a response is open.
    watches: bool,
    has_ended: bool,
    requests: RequestScan,
    /// A place among the server's connections, also after an upgrade.
    _permit: OwnedSemaphorePermit,
}

/// What a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocol {
    Http1,
    Http2,
}

impl<T: Socket> Io<T> {
    pub(super) fn new(
        socket: T,
        line: Arc<Line>,
        limits: &Limits,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            socket,
            line,
            credit: Credit::new(limits.stall_timeout, limits.min_rate),
            ahead: Vec::new(),
            is_wanted: false,
            watches: false,
            has_ended: false,
            requests: RequestScan::default(),
            _permit: permit,
        }
    }

    /// Reads until the protocol is known. `None`: the client left before.
    pub(super) async fn protocol(&mut self) -> io::Result<Option<Protocol>> {
        loop {
            if self.ahead == PREFACE {
                return Ok(Some(Protocol::Http2));
            }
            if !self.ahead.is_empty() && !PREFACE.starts_with(&self.ahead) {
                self.watches = true;
                return Ok(Some(Protocol::Http1));
            }
            let mut bytes = [0; PREFACE.len()];
            let missing = PREFACE.len() - self.ahead.len();
            let read = self.socket.read(&mut bytes[..missing]).await?;
            if read == 0 {
                return Ok(None);
            }
            self.ahead.extend_from_slice(&bytes[..read]);
        }
    }

    /// What was read and not taken yet.
    pub(super) fn ahead(&self) -> &[u8] {
        &self.ahead
    }

    /// Takes so much of that. What is kept of it keeps nothing else.
    pub(super) fn take_ahead(&mut self, len: usize) -> Bytes {
        if len == self.ahead.capacity() {
            return std::mem::take(&mut self.ahead).into();
        }
        let taken = Bytes::copy_from_slice(&self.ahead[..len]);
        self.ahead.drain(..len);
        if self.ahead.is_empty() {
            self.ahead = Vec::new();
        }
        taken
    }

    /// Reads more. Returns whether there is more.
    pub(super) fn poll_read_ahead(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        if !self.ahead.is_empty() {
            self.line.begin_head();
        }
        let mut bytes = [MaybeUninit::uninit(); READ];
        let mut buffer = ReadBuf::uninit(&mut bytes);
        ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buffer))?;
        self.has_ended = buffer.filled().is_empty();
        if !self.has_ended {
            self.line.begin_head();
            self.ahead.extend_from_slice(buffer.filled());
        }
        Poll::Ready(Ok(!self.has_ended))
    }

    /// Gives back what was read and is not wanted yet.
    pub(super) fn unread(&mut self, bytes: &[u8]) {
        self.ahead.splice(..0, bytes.iter().copied());
    }

    /// Whether the client has sent what was not asked for, such as a request that is not answered
    /// any more.
    pub(super) fn has_unread(&self) -> bool {
        !self.ahead.is_empty()
    }

    /// Closes the connection. What the client still sends is read for a while if `lingers`.
    pub(super) async fn close(mut self, lingers: bool) {
        if self.has_ended || self.line.would_lie() {
            return;
        }
        // A client that is gone needs no goodbye.
        let _ = self.socket.shutdown().await;
        if lingers {
            let mut sink = tokio::io::sink();
            let mut rest = (&mut self.socket).take(MOST_LINGERING);
            let copy = tokio::io::copy(&mut rest, &mut sink);
            let _ = tokio::time::timeout(LINGER, copy).await;
        }
    }

    /// There is something to send.
    pub(super) fn begin_sending(&self) {
        self.line.begin_sending();
    }

    /// Notes that all of it was written, when it was.
    pub(super) fn poll_sent(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
        self.line.sent();
        Poll::Ready(Ok(()))
    }

    /// Lets closing be a reset.
    pub(super) fn reset_on_close(&self) {
        // Without it, the close is a clean one of a response that is visibly incomplete.
        let _ = self.socket.reset_on_close();
    }

    /// Notes what is handed to hyper, and says how much of it belongs to one request.
    fn hand(&mut self, bytes: &[u8]) -> Extent {
        if bytes.is_empty() || !self.watches || self.line.is_tunnel() {
            return Extent::All;
        }
        if self.requests.is_at_head() {
            self.line.begin_head();
        }
        let line = &self.line;
        self.requests.read(bytes, || line.accept_head())
    }

    /// Fills `buffer` with what was read ahead. Returns whether a request ends with it.
    fn read_ahead(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        if self.ahead.is_empty() {
            return false;
        }
        let mut ahead = std::mem::take(&mut self.ahead);
        let room = ahead.len().min(buffer.remaining());
        let extent = self.hand(&ahead[..room]);
        let taken = match extent {
            Extent::All => room,
            Extent::To(end) => end,
        };
        buffer.put_slice(&ahead[..taken]);
        if taken < ahead.len() {
            ahead.drain(..taken);
            self.ahead = ahead;
        }
        extent != Extent::All
    }

    /// Looks whether the client is gone in the middle of a response.
    pub(super) fn watch_if_open(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        if self.watches && self.line.is_open() {
            self.watch(cx)?;
        }
        Ok(())
    }

    /// Looks whether the client is gone while hyper, in the middle of a response, does not read.
    ///
    /// It reads ahead, because only a read tells, and only one that leaves nothing lets the
    /// runtime tell of the next. Behind [`MOST_AHEAD`] bytes an end stays unnoticed.
    fn watch(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while self.ahead.len() < MOST_AHEAD {
            let mut bytes = [0; 256];
            let mut buffer = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.socket).poll_read(cx, &mut buffer)? {
                Poll::Pending => return Ok(()),
                Poll::Ready(()) if buffer.filled().is_empty() => {
                    self.has_ended = true;
                    return Err(io::ErrorKind::ConnectionReset.into());
                }
                Poll::Ready(()) => self.ahead.extend_from_slice(buffer.filled()),
            }
            if self.is_wanted {
                self.is_wanted = false;
                cx.waker().wake_by_ref();
            }
        }
        Ok(())
    }

    /// Fails in a tunnel that the server has ended.
    fn check_tunnel(&self, side: Side, cx: &Context<'_>) -> io::Result<()> {
        if self.line.ends_tunnel(side, cx) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(())
    }

    /// Notes whether the client takes what is sent. One that sends no more may still read, and one
    /// that is gone resets, so nobody looks for an end before all was written.
    fn wrote(&mut self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => {
                let now = self.line.clock().now();
                self.credit.offered(now, &self.line.stall);
            }
            Poll::Ready(Ok(bytes)) => {
                let now = self.line.clock().now();
                self.credit.taken(*bytes, now, &self.line.stall);
            }
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl<T: Socket> AsyncRead for Io<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.check_tunnel(Side::Reader, cx)?;
        let before = buffer.filled().len();
        let ends = this.read_ahead(buffer);
        // Behind what was read ahead, which is little, the rest of it may be there already.
        if ends || buffer.remaining() == 0 || this.has_ended {
            return Poll::Ready(Ok(()));
        }
        let had = buffer.filled().len();
        let read = Pin::new(&mut this.socket).poll_read(cx, buffer)?;
        this.is_wanted = read.is_pending() && had == before;
        if this.is_wanted {
            return Poll::Pending;
        }
        let arrived = &buffer.filled()[had..];
        this.has_ended = read.is_ready() && arrived.is_empty();
        if let Extent::To(end) = this.hand(arrived)
            && end < arrived.len()
        {
            this.ahead.extend_from_slice(&arrived[end..]);
            buffer.set_filled(had + end);
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: Socket> AsyncWrite for Io<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check_tunnel(Side::Writer, cx)?;
        let written = Pin::new(&mut self.socket).poll_write(cx, bytes);
        self.wrote(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check_tunnel(Side::Writer, cx)?;
        let written = Pin::new(&mut self.socket).poll_write_vectored(cx, slices);
        self.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    /// hyper calls it whenever it has done what it can, and has written all that it had.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_sent(cx))?;
        Poll::Ready(self.watch_if_open(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}

impl<T: Socket> Drop for Io<T> {
    fn drop(&mut self) {
        if self.line.would_lie() || self.line.end() == Some(End::Stalled) {
            self.reset_on_close();
        }
        if self.line.is_tunnel() {
            self.line.close_tunnel();
        }
    }
}
