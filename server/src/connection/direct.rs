//! Requests that are read and answered without hyper.
//!
//! Nearly all requests for a page are of the plainest kind: a `GET` of HTTP/1.1 without a body, on
//! a connection that stays open. What hyper does for every other kind costs them time, and two
//! buffers of 8 KiB for as long as their response is open. So they are answered here. From the
//! first request of another kind, or one that may be malformed, the connection is hyper's, which
//! finds it as if nobody had looked at it.

mod head;
mod response;

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::AtomicBool;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::response::Response;
use http::Request;
use http_body::Body as _;
use tower::Service;

use super::io::Io;
use super::served::Served;
use super::service::{Serve, Serving};
use crate::line::Line;
use crate::listener::sealed::Socket;
use head::poll_request;
use response::{Outgoing, Unsent};

/// Why no request is read here any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// What comes is for hyper.
    Hyper,
    /// The client has ended the connection, or the last response did.
    Close,
}

/// Serves plain requests, up to one that is not, or until it `stops` and none is under way.
///
/// # Errors
/// The socket's, or that of a response that failed. What was written of it is then visibly
/// incomplete.
pub(super) async fn serve<T, S>(
    io: &mut Io<T>,
    serve: &mut Serve<S>,
    line: &Line,
    stops: &AtomicBool,
) -> io::Result<Next>
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    loop {
        let request = match poll_fn(|cx| poll_request(io, stops, cx)).await? {
            Ok(request) => request,
            Err(next) => return Ok(next),
        };
        let response = {
            let mut serving = pin!(serve.answer(request));
            poll_fn(|cx| poll_response(io, serving.as_mut(), cx)).await?
        };
        let mut writer = Writer::new(response);
        let stays = poll_fn(|cx| writer.poll(io, cx)).await?;
        if !stays || line.switchboard.is_stopping() {
            return Ok(Next::Close);
        }
    }
}

/// Polls the app, and looks whether the client is still there.
fn poll_response<T, S>(
    io: &mut Io<T>,
    serving: Pin<&mut Serving<S>>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Response<Served>>>
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible>,
{
    match serving.poll(cx) {
        Poll::Ready(Ok(response)) => Poll::Ready(Ok(response)),
        Poll::Ready(Err(never)) => match never {},
        Poll::Pending => {
            io.watch_if_open(cx)?;
            Poll::Pending
        }
    }
}

/// A response that is written.
struct Writer {
    outgoing: Outgoing,
    /// Until it has ended: what it holds is given back before the client has read its end.
    body: Option<Served>,
    unsent: Unsent,
}

impl Writer {
    fn new(response: Response<Served>) -> Self {
        let (outgoing, body, unsent) = Outgoing::begin(response);
        Self {
            outgoing,
            body: Some(body),
            unsent,
        }
    }

    /// Writes to the end, and returns whether the connection stays open.
    fn poll<T: Socket>(&mut self, io: &mut Io<T>, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        loop {
            // Also while the socket is full, as long as there is room: a body that waits is driven
            // by who was told so, and by nobody else.
            let waits = self.gather(cx)?;
            ready!(self.poll_write(io, cx))?;
            if self.body.is_none() {
                return Poll::Ready(self.outgoing.stays());
            }
            if waits {
                // Not before: a client that sends no more may get what is ready.
                io.watch_if_open(cx)?;
                return Poll::Pending;
            }
        }
    }

    /// Asks the body for all that it has, up to what is written at once. Returns whether the body
    /// will wake the task when it has more.
    fn gather(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        while let Some(body) = &mut self.body
            && self.unsent.has_room()
        {
            let mut has_ended = !self.outgoing.is_open();
            if !has_ended {
                match Pin::new(&mut *body).poll_frame(cx) {
                    Poll::Ready(Some(Ok(frame))) => {
                        // There are no trailers for who has not asked for them.
                        if let Ok(data) = frame.into_data() {
                            self.outgoing.write(data, &mut self.unsent);
                        }
                        has_ended = !self.outgoing.is_open() || body.is_end_stream();
                    }
                    Poll::Ready(Some(Err(error))) => return Err(io::Error::other(error)),
                    Poll::Ready(None) => has_ended = true,
                    Poll::Pending => return Ok(true),
                }
            }
            if has_ended {
                self.body = None;
                self.outgoing.end(&mut self.unsent);
            }
        }
        Ok(false)
    }

    /// Writes all that was gathered.
    fn poll_write<T: Socket>(
        &mut self,
        io: &mut Io<T>,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.unsent.is_empty() {
            // The last chunk comes when the body has ended.
            io.begin_sending();
        }
        while !self.unsent.is_empty() {
            match ready!(self.unsent.poll_write(Pin::new(&mut *io), cx))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.unsent.advance(written),
            }
        }
        io.poll_sent(cx)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
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
            Self::of(stream::iter(parts), room).await
        }

        /// Parts as they come, through a pipe that has so much room.
        async fn of(parts: impl Stream<Item = Bytes> + Send + 'static, room: usize) -> Self {
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
            let body = Body::from_stream(parts.map(Ok::<_, Infallible>));
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
        let body = stream::poll_fn(move |cx| next.poll_recv(cx));
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
}
