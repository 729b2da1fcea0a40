//! A connection that speaks HTTP/1.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use anabranch_engine::End;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::server::conn::http1::{Builder, Parts, UpgradeableConnection};
use hyper_util::rt::TokioIo;
use tower::Service;

use super::drive;
use super::handover::{Handover, write_rest};
use super::io::Io;
use super::service::{Serve, Way};
use crate::limits::MAX_UNSENT;
use crate::line::Line;
use crate::listener::sealed::Socket;

/// Serves its requests, with hyper, and without while a response waits.
pub(super) fn serve<T, S>(io: Io<T>, app: S, line: Arc<Line>) -> impl Future<Output = ()> + Send
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let handover = Arc::<Handover>::default();
    let service = Serve::new(app, line.clone(), Way::InOrder(handover.clone()));
    let mut connection = hyper(io, service, &line);
    async move {
        loop {
            let outcome = drive(&line, |cx, stops| {
                if stops {
                    Pin::new(&mut *connection).graceful_shutdown();
                }
                let polled = Pin::new(&mut *connection).poll(cx);
                let gives_back = line.switchboard.is_crowded();
                if polled.is_pending() && gives_back && handover.is_due(&line) {
                    if handover.see() {
                        handover.take();
                        return Poll::Ready(Ok(Next::Rest));
                    }
                    look_again(cx);
                }
                polled.map_ok(|()| Next::Close)
            })
            .await;
            // An upgraded socket is the app's.
            let Some(parts) = into_parts(connection) else {
                return;
            };
            let mut io = parts.io.into_inner();
            let lingers = match outcome {
                Ok(Ok(Next::Rest)) => {
                    io.unread(&parts.read_buf);
                    // It holds on to hyper's buffer.
                    drop(parts.read_buf);
                    let written = {
                        let mut rest = pin!(write_rest(&mut io, &handover));
                        drive(&line, |cx, _| rest.as_mut().poll(cx)).await
                    };
                    handover.end();
                    match written {
                        Ok(Ok(())) => {
                            connection = hyper(io, parts.service, &line);
                            continue;
                        }
                        Ok(Err(error)) => {
                            tracing::debug!(%error, "a response failed");
                            Ok(false)
                        }
                        Err(end) => Err(end),
                    }
                }
                Ok(Ok(Next::Close)) => Ok(line.has_body() || io.has_unread()),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "a connection failed");
                    Ok(error.is_parse())
                }
                Err(end) => Err(end),
            };
            if lingers == Err(End::Stalled) {
                io.reset_on_close();
                return;
            }
            // Apart, since it is larger than all that an open connection needs.
            Box::pin(io.close(lingers.unwrap_or(false))).await;
            return;
        }
    }
}

/// What follows when hyper is done.
enum Next {
    /// It was let go in the middle of a response.
    Rest,
    Close,
}

/// Wakes the task when those that are ready have had their turn, as a task that yields is.
///
/// A response that can go on by then stays with hyper: to change would cost more than it saves.
fn look_again(cx: &mut Context<'_>) {
    let _ = pin!(tokio::task::yield_now()).poll(cx);
}

/// hyper on a connection. In a box, because it is large and may be let go.
fn hyper<T, S>(io: Io<T>, service: Serve<S>, line: &Line) -> Box<Hyper<T, S>>
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let max_head = line.switchboard.limits.max_head;
    let connection = Builder::new()
        // The switchboard looks after the time of a head.
        .header_read_timeout(None)
        // The socket looks for the client's end, without a buffer for what it reads.
        .half_close(true)
        .max_header_size(max_head)
        .max_buf_size(max_head.max(MAX_UNSENT))
        .serve_connection(TokioIo::new(io), service);
    Box::new(connection.with_upgrades())
}

/// Takes hyper apart.
#[expect(
    clippy::boxed_local,
    reason = "the box is to be given back here, not where it was made"
)]
fn into_parts<T, S>(connection: Box<Hyper<T, S>>) -> Option<Parts<TokioIo<Io<T>>, Serve<S>>>
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    connection.into_parts()
}

type Hyper<T, S> = UpgradeableConnection<TokioIo<Io<T>>, Serve<S>>;
