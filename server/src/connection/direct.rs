//! Requests that are read and answered without hyper.
//!
//! Nearly all requests for a page are of the plainest kind: a `GET` of HTTP/1.1 without a body, on
//! a connection that stays open. What hyper does for every other kind costs them time, and two
//! buffers of 8 KiB for as long as their response is open. So they are answered here. From the
//! first request of another kind, or one that may be malformed, the connection is hyper's, which
//! finds it as if nobody had looked at it.

mod head;
mod response;
#[cfg(test)]
mod tests;

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
    /// What ends it, when what came before it has left.
    failure: Option<io::Error>,
}

impl Writer {
    fn new(response: Response<Served>) -> Self {
        let (outgoing, body, unsent) = Outgoing::begin(response);
        Self {
            outgoing,
            body: Some(body),
            unsent,
            failure: None,
        }
    }

    /// Writes to the end, and returns whether the connection stays open.
    fn poll<T: Socket>(&mut self, io: &mut Io<T>, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        loop {
            // Also while the socket is full, as long as there is room: a body that waits is driven
            // by who was told so, and by nobody else.
            let waits = self.gather(cx);
            ready!(self.poll_write(io, cx))?;
            if let Some(error) = self.failure.take() {
                return Poll::Ready(Err(error));
            }
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
    fn gather(&mut self, cx: &mut Context<'_>) -> bool {
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
                    Poll::Ready(Some(Err(error))) => {
                        self.body = None;
                        self.failure = Some(io::Error::other(error));
                        return false;
                    }
                    Poll::Ready(None) => has_ended = true,
                    Poll::Pending => return true,
                }
            }
            if has_ended {
                self.body = None;
                self.outgoing.end(&mut self.unsent);
            }
        }
        false
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
