//! One connection, from its first byte to its last.

mod direct;
mod head_scan;
mod http1;
mod io;
mod request_scan;
mod served;
mod service;

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use anabranch_engine::{Connection, End};
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::sync::OwnedSemaphorePermit;
use tower::Service;

use crate::exchange::Streams;
use crate::limits::{FIRST_REQUEST, LAST_WORDS, MAX_STREAMS, MAX_UNSENT};
use crate::line::Line;
use crate::listener::sealed::Socket;
use crate::switchboard::Switchboard;

use io::{Io, Protocol};
use service::{Serve, Way};

/// Serves the requests of a connection.
///
/// What is only needed to begin is not kept: a future holds its arguments to its end, so they are
/// used up before there is one.
pub(crate) fn serve<T, S>(
    socket: T,
    peer: Option<SocketAddr>,
    permit: OwnedSemaphorePermit,
    app: S,
    switchboard: Arc<Switchboard>,
) -> impl Future<Output = ()> + Send
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    if let Err(error) = socket.send_at_once() {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    if let Err(error) = socket.limit_unsent() {
        tracing::debug!(%error, "cannot set TCP_NOTSENT_LOWAT");
    }
    let connection = Connection::new(peer, switchboard.drain.clone());
    let line = Line::new(connection, switchboard);
    let connected = line.switchboard.connect(line.clone());
    let io = Io::new(socket, line.clone(), &line.switchboard.limits, permit);
    let beginning = Box::pin(begin(io, line.clone()));
    async move {
        let _connected = connected;
        let begun = beginning.await;
        match begun {
            Some((Protocol::Http1, io)) => http1::serve(io, app, line).await,
            // Apart, because it is rare and large.
            Some((Protocol::Http2, io)) => {
                Box::pin(serve_http2(io, app, line)).await;
            }
            None => {}
        }
    }
}

/// Waits until it is known what the client speaks.
async fn begin<T: Socket>(mut io: Io<T>, line: Arc<Line>) -> Option<(Protocol, Io<T>)> {
    let protocol = {
        let mut reading = pin!(io.protocol());
        drive(&line, |cx, stops| {
            if stops {
                return Poll::Ready(Ok(None));
            }
            reading.as_mut().poll(cx)
        })
        .await
    };
    let protocol = protocol.ok()?.ok()??;
    Some((protocol, io))
}

async fn serve_http2<T, S>(io: Io<T>, app: S, line: Arc<Line>)
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let streams = Streams::new(line.clone());
    let service = Serve::new(app, line.clone(), Way::Side(streams.clone()));
    let max_head = u32::try_from(line.switchboard.limits.max_head).unwrap_or(u32::MAX);
    let mut connection = pin!(
        http2::Builder::new(streams)
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(max_head)
            .max_send_buf_size(MAX_UNSENT)
            .initial_stream_window_size(WINDOW)
            .initial_connection_window_size(4 * WINDOW)
            // WebSockets, RFC 8441.
            .enable_connect_protocol()
            .serve_connection(TokioIo::new(io), service)
    );
    let mut told_at = None;
    let outcome = drive(&line, |cx, stops| {
        if stops {
            told_at = Some(line.clock().now());
            connection.as_mut().graceful_shutdown();
        }
        let polled = connection.as_mut().poll(cx);
        // hyper waits for the client to have read that the connection ends. One that is gone or
        // asleep, and has nothing open, would keep the server until its drain deadline.
        if polled.is_pending() && told_at.is_some_and(|told| is_silent(&line, told)) {
            return Poll::Ready(Ok(()));
        }
        polled
    })
    .await;
    if let Ok(Err(error)) = outcome {
        tracing::debug!(%error, "a connection failed");
    }
}

/// Whether nothing has been open on a connection for a while since the client was told of its end.
fn is_silent(line: &Line, told_at: u64) -> bool {
    let since = told_at.max(line.waiting_since());
    let waited = line.clock().now().saturating_sub(since);
    !line.is_open() && !line.has_unsent() && u128::from(waited) >= LAST_WORDS.as_millis()
}

/// Bytes of a request body that an HTTP/2 client may send before the app reads.
const WINDOW: u32 = 64 << 10;

/// Polls a connection to its end, or to the one that the server sets.
///
/// `poll` is told, once, when the connection has to stop after what is under way.
async fn drive<R>(
    line: &Line,
    mut poll: impl FnMut(&mut Context<'_>, bool) -> Poll<R>,
) -> Result<R, End> {
    let mut was_told = false;
    poll_fn(|cx| {
        line.task().register(cx.waker());
        if let Some(end) = line.end() {
            return Poll::Ready(Err(end));
        }
        // Before it stops: what has arrived is still answered.
        let polled = poll(cx, false);
        if polled.is_pending() && line.switchboard.is_stopping() && !was_told && may_stop(line) {
            was_told = true;
            return poll(cx, true).map(Ok);
        }
        polled.map(Ok)
    })
    .await
}

/// A connection that was just accepted is to bring its first request, which is on its way. So is a
/// request whose head has begun to arrive, and hyper would close the connection without it.
fn may_stop(line: &Line) -> bool {
    if !line.is_new() {
        return !line.is_reading_head();
    }
    let waited = line.clock().now().saturating_sub(line.waiting_since());
    u128::from(waited) >= FIRST_REQUEST.as_millis()
}
