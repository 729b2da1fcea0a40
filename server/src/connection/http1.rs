//! A connection that speaks HTTP/1.

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};

use anabranch_engine::End;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::server::conn::http1::{Builder, Parts, UpgradeableConnection};
use hyper_util::rt::TokioIo;
use tower::Service;

use super::direct::{self, Next};
use super::drive;
use super::io::Io;
use super::service::{Serve, Way};
use crate::exchange::Tunnel;
use crate::limits::MAX_UNSENT;
use crate::line::Line;
use crate::listener::sealed::Socket;

/// Serves its requests: without hyper as long as they are plain.
///
/// A future holds its arguments twice if they are moved in it, so here they are not.
pub(super) fn serve<T, S>(mut io: Io<T>, app: S, line: Arc<Line>) -> impl Future<Output = ()> + Send
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let mut service = Serve::new(app, line.clone(), Way::InOrder);
    async move {
        let outcome = {
            let stopping = AtomicBool::new(false);
            let mut serving = pin!(direct::serve(&mut io, &mut service, &line, &stopping));
            drive(&line, |cx, stops| {
                if stops {
                    stopping.store(true, Relaxed);
                }
                serving.as_mut().poll(cx)
            })
            .await
        };
        // Apart, because what follows is rare or short, and larger.
        match outcome {
            Ok(Ok(Next::Hyper)) => Box::pin(serve_with_hyper(io, service, line)).await,
            Ok(Ok(Next::Close)) => {
                let lingers = io.has_unread();
                Box::pin(io.close(lingers)).await;
            }
            Ok(Err(error)) => {
                tracing::debug!(%error, "a connection failed");
                Box::pin(io.close(false)).await;
            }
            Err(end) => Box::pin(cut(io, end)).await,
        }
    }
}

async fn serve_with_hyper<T, S>(io: Io<T>, service: Serve<S>, line: Arc<Line>)
where
    T: Socket,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let mut connection = hyper(io, service, &line);
    let outcome = drive(&line, |cx, stops| {
        if stops {
            Pin::new(&mut connection).graceful_shutdown();
        }
        Pin::new(&mut connection).poll(cx)
    })
    .await;
    let Some(Parts { io, .. }) = connection.into_parts() else {
        // An upgraded socket is the app's, until that lets go of it.
        let _open = Tunnel::open(line.clone());
        let closed = |_: &mut Context<'_>, _| match line.is_tunnel() {
            true => Poll::Pending,
            false => Poll::Ready(()),
        };
        let _ = drive(&line, closed).await;
        return;
    };
    let io = io.into_inner();
    match outcome {
        Ok(Ok(())) => {
            let lingers = line.has_body() || io.has_unread();
            io.close(lingers).await;
        }
        Ok(Err(error)) => {
            tracing::debug!(%error, "a connection failed");
            io.close(error.is_parse()).await;
        }
        Err(end) => cut(io, end).await,
    }
}

/// Ends a connection before its time.
async fn cut<T: Socket>(io: Io<T>, end: End) {
    if end == End::Stalled {
        io.reset_on_close();
    } else {
        io.close(false).await;
    }
}

/// hyper on a connection.
fn hyper<T, S>(io: Io<T>, service: Serve<S>, line: &Line) -> Hyper<T, S>
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
    connection.with_upgrades()
}

type Hyper<T, S> = UpgradeableConnection<TokioIo<Io<T>>, Serve<S>>;
