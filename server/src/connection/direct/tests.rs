//! How a response leaves, over a socket that has as much room as a test gives it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use anabranch_engine::Connection;
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, stream};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, DuplexStream, ReadBuf, duplex};
use tokio::sync::{Semaphore, mpsc};

use super::*;
use crate::connection::served::Guard;
use crate::limits::Limits;
use crate::switchboard::Switchboard;

/// A socket that has as much room as a test gives it, and counts what is written to it.
#[derive(Debug)]
struct Pipe(DuplexStream, Arc<AtomicUsize>);

impl AsyncRead for Pipe {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Pipe {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.1.fetch_add(1, Relaxed);
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

impl Socket for Pipe {
    fn send_at_once(&self) -> io::Result<()> {
        Ok(())
    }

    fn reset_on_close(&self) -> io::Result<()> {
        Ok(())
    }
}

type Part = Result<Bytes, &'static str>;

/// A response on its way to a client.
struct Sending {
    line: Arc<Line>,
    io: Io<Pipe>,
    writer: Writer,
    client: DuplexStream,
    writes: Arc<AtomicUsize>,
}

impl Sending {
    /// These parts, all ready, through a pipe that has so much room.
    async fn new(parts: Vec<Bytes>, room: usize) -> Self {
        Self::of(stream::iter(parts).map(Ok), room).await
    }

    /// Parts as they come, through a pipe that has so much room.
    async fn of(parts: impl Stream<Item = Part> + Send + 'static, room: usize) -> Self {
        let limits = Limits::default();
        let switchboard = Switchboard::new(limits.clone());
        let connection = Connection::new(None, switchboard.drain.clone());
        let line = Line::new(connection, switchboard);
        line.begin();
        let (server, client) = duplex(room);
        let writes = Arc::<AtomicUsize>::default();
        let place = Arc::new(Semaphore::new(1)).acquire_owned().await;
        let pipe = Pipe(server, writes.clone());
        let io = Io::new(pipe, line.clone(), &limits, place.expect("a place"));
        let body = Body::from_stream(parts);
        let mut answer = Some(Response::new(body));
        let response = poll_fn(|cx| {
            let answer = answer.take().unwrap_or_default();
            let guard = Guard::new(line.clone(), None, &limits);
            Poll::Ready(Served::begin(answer, guard, cx))
        })
        .await;
        let writer = Writer::new(response);
        Self {
            line,
            io,
            writer,
            client,
            writes,
        }
    }

    async fn poll(&mut self) -> Poll<io::Result<bool>> {
        poll_fn(|cx| Poll::Ready(self.writer.poll(&mut self.io, cx))).await
    }

    async fn read(&mut self, len: usize) -> Vec<u8> {
        let mut read = vec![0; len];
        let result = self.client.read_exact(&mut read).await;
        result.expect("enough to read");
        read
    }
}

#[tokio::test]
async fn a_connection_is_not_idle_before_the_last_chunk_has_left() {
    const LAST: &[u8] = b"0\r\n\r\n";
    let parts = || vec![Bytes::from(vec![b'x'; 10_000])];
    let mut whole = Sending::new(parts(), 1 << 20).await;
    assert!(matches!(whole.poll().await, Poll::Ready(Ok(true))));
    drop(whole.io);
    let mut bytes = Vec::new();
    whole.client.read_to_end(&mut bytes).await.expect("an end");
    assert!(bytes.ends_with(LAST));

    let before = bytes.len() - LAST.len();
    let mut sending = Sending::new(parts(), before).await;
    assert!(sending.poll().await.is_pending());
    assert!(!sending.line.is_open() && sending.line.has_unsent());
    sending.read(before).await;
    assert!(matches!(sending.poll().await, Poll::Ready(Ok(true))));
    assert_eq!(sending.read(LAST.len()).await, LAST);
    assert!(!sending.line.has_unsent());
}

#[tokio::test]
async fn small_parts_that_are_ready_leave_together() {
    let parts = vec![Bytes::from_static(&[b'x'; 100]); 1000];
    let mut sending = Sending::new(parts, 1 << 20).await;
    assert!(matches!(sending.poll().await, Poll::Ready(Ok(true))));
    // Two, since no more than 64 KiB are gathered.
    assert!(sending.writes.load(Relaxed) <= 2);
}

/// One that waits has told its driver so, and is driven when that polls it.
#[tokio::test]
async fn a_body_is_polled_when_it_wakes_though_the_socket_is_full() {
    let (parts, mut next) = mpsc::channel(1);
    let body = stream::poll_fn(move |cx| next.poll_recv(cx)).map(Ok);
    let mut sending = Sending::of(body, 10).await;
    let (small, large) = (
        Bytes::from_static(&[b'x'; 100]),
        Bytes::from(vec![b'y'; 100_000]),
    );
    let mut sent = Vec::new();
    for (part, is_taken) in [
        (&small, true),
        (&small, true),
        (&large, true),
        (&small, false),
    ] {
        parts.try_send(part.clone()).expect("room for one");
        assert!(sending.poll().await.is_pending());
        // The last waits until there is room.
        assert_eq!(parts.capacity() == 1, is_taken);
        sent.extend_from_slice(part);
    }
    drop(parts);
    let mut read = Vec::new();
    let open = loop {
        let polled = sending.poll().await;
        if let Poll::Ready(open) = polled {
            break open;
        }
        read.extend(sending.read(1).await);
    };
    assert!(open.is_ok_and(|stays| stays));
    drop(sending.io);
    sending.client.read_to_end(&mut read).await.expect("an end");
    let head = read.windows(4).position(|end| end == b"\r\n\r\n");
    assert_eq!(unchunked(&read[head.expect("a head") + 4..]), sent);
}

/// Also if the socket was full when it failed.
#[tokio::test]
async fn what_came_before_a_failure_leaves_before_it() {
    let part = Bytes::from_static(&[b'x'; 100]);
    let parts = [Ok(part.clone()), Ok(part), Err("broken")];
    let mut sending = Sending::of(stream::iter(parts), 10).await;
    let mut read = Vec::new();
    let end = loop {
        match sending.poll().await {
            Poll::Pending => read.extend(sending.read(1).await),
            Poll::Ready(end) => break end,
        }
    };
    assert_eq!(end.unwrap_err().to_string(), "broken");
    drop(sending.io);
    let rest = sending.client.read_to_end(&mut read).await;
    rest.expect("an end");
    assert_eq!(read.iter().filter(|byte| **byte == b'x').count(), 200);
    assert!(!read.ends_with(b"0\r\n\r\n"));
}

/// The content of a body in chunks.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let line = body.windows(2).position(|end| end == b"\r\n");
        let (size, rest) = body.split_at(line.expect("the size of a chunk"));
        let size = std::str::from_utf8(size).expect("digits");
        let size = usize::from_str_radix(size, 16).expect("digits");
        if size == 0 {
            return content;
        }
        content.extend_from_slice(&rest[2..2 + size]);
        body = &rest[2 + size + 2..];
    }
}
