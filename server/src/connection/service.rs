//! From a request as hyper reads it to a response as the app gives it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use anabranch_boundaries::{Error, panic};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::response::Response;
use http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderMap, Method, Request, StatusCode, Version};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::ext::Protocol;
use pin_project::pin_project;
use tower::Service;
use tower::util::Oneshot;

use super::served::{Guard, Served};
use crate::exchange::Streams;
use crate::line::Line;
use crate::plain;

/// The app on one connection.
#[derive(Debug)]
pub(super) struct Serve<S> {
    app: S,
    line: Arc<Line>,
    way: Way,
}

/// How the responses of a connection leave.
#[derive(Debug)]
pub(super) enum Way {
    /// One after the other, on HTTP/1.
    InOrder,
    /// As streams of HTTP/2.
    Side(Streams),
}

impl<S> Serve<S> {
    pub(super) fn new(app: S, line: Arc<Line>, way: Way) -> Self {
        Self { app, line, way }
    }
}

impl<S> Serve<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    /// Answers a request without a body, on HTTP/1.1.
    pub(super) fn answer(&self, request: Request<Body>) -> Serving<S> {
        self.line.begin();
        let guard = Guard::new(self.line.clone(), None, &self.line.switchboard.limits);
        self.begin(request, guard, false)
    }

    fn begin(&self, mut request: Request<Body>, guard: Guard, is_ambiguous: bool) -> Serving<S> {
        let mut serving = Serving {
            state: State::Refused(StatusCode::BAD_REQUEST),
            is_head: request.method() == Method::HEAD,
            guard: None,
        };
        match refusal(&request, is_ambiguous) {
            Some(status) => serving.state = State::Refused(status),
            None => {
                let connection = match guard.exchange() {
                    Some(exchange) => &exchange.connection,
                    None => &self.line.connection,
                };
                let extensions = request.extensions_mut();
                extensions.insert(connection.clone());
                if self.line.switchboard.limits.connect_info
                    && let Some(peer) = connection.peer()
                {
                    extensions.insert(ConnectInfo(peer));
                }
                // In its place at once: it is large, and a result would move it twice.
                let call = || serving.state = State::call(self.app.clone(), request);
                if let Err(panic) = panic::catch(call) {
                    serving.state = State::Panicked(panic);
                }
            }
        }
        serving.guard = Some(guard);
        serving
    }
}

impl<S> hyper::service::Service<Request<Incoming>> for Serve<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone,
{
    type Response = Response<Served>;
    type Error = Infallible;
    type Future = Serving<S>;

    fn call(&self, request: Request<Incoming>) -> Serving<S> {
        self.line.begin();
        let (exchange, is_ambiguous) = match &self.way {
            Way::InOrder => (None, !self.line.take_accepted_head()),
            // HTTP/2 frames its requests.
            Way::Side(streams) => (Some(streams.open()), false),
        };
        let guard = Guard::new(self.line.clone(), exchange, &self.line.switchboard.limits);
        let is_http10 = request.version() == Version::HTTP_10;
        self.line.set_ends_by_close(is_http10);
        self.line.set_has_body(!request.body().is_end_stream());
        let request = request.map(|body| {
            if body.is_end_stream() {
                Body::empty()
            } else {
                Body::new(body)
            }
        });
        self.begin(request, guard, is_ambiguous)
    }
}

/// What the fields of a head say to the server.
#[derive(Default)]
struct Fields {
    hosts: usize,
    has_bad_host: bool,
    is_coded_otherwise: bool,
}

impl Fields {
    /// Reads all in one pass, which costs less than to look up each.
    fn of(headers: &HeaderMap) -> Self {
        let mut fields = Self::default();
        for (name, value) in headers {
            let value = value.as_bytes();
            if *name == HOST {
                fields.hosts += 1;
                fields.has_bad_host |= !is_authority(value);
            } else if *name == TRANSFER_ENCODING {
                let is_chunked = value.trim_ascii().eq_ignore_ascii_case(b"chunked");
                fields.is_coded_otherwise |= !is_chunked;
            }
        }
        fields
    }
}

/// Why a request gets no further, if it does not: RFC 9112, sections 3.2 and 6.3.
fn refusal(request: &Request<Body>, is_ambiguous: bool) -> Option<StatusCode> {
    let fields = Fields::of(request.headers());
    let is_tunnel =
        request.method() == Method::CONNECT && request.extensions().get::<Protocol>().is_none();
    let has_host = match fields.hosts {
        1 => !fields.has_bad_host,
        // HTTP/2 has it in the URI.
        0 => request.version() != Version::HTTP_11,
        _ => false,
    };
    let refuses = is_ambiguous || is_tunnel || !has_host || fields.is_coded_otherwise;
    refuses.then_some(StatusCode::BAD_REQUEST)
}

/// Whether it may be a host with a port, by the characters that such has.
fn is_authority(host: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:[]%!$&'()*+,;=".contains(byte);
    host.iter().all(allowed)
}

/// A request that is being answered.
#[pin_project]
pub(super) struct Serving<S: Service<Request<Body>>> {
    #[pin]
    state: State<S>,
    guard: Option<Guard>,
    is_head: bool,
}

#[pin_project(project = StateProjected)]
enum State<S: Service<Request<Body>>> {
    Refused(StatusCode),
    /// A service of the app's own did before it gave a future.
    Panicked(Error),
    Called(#[pin] S::Future),
    /// The app was not ready at once, as one with a limit of its own.
    Calling(Pin<Box<Oneshot<S, Request<Body>>>>),
}

impl<S> Future for Serving<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible>,
{
    type Output = Result<Response<Served>, Infallible>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let polled = match this.state.as_mut().project() {
            StateProjected::Refused(status) => Ok(Poll::Ready(refused(*status))),
            StateProjected::Panicked(panic) => Err(panic.clone()),
            StateProjected::Called(app) => answer(app, cx),
            StateProjected::Calling(app) => answer(app.as_mut(), cx),
        };
        let mut response = match polled {
            Ok(polled) => ready!(polled),
            Err(panic) => {
                plain::log_panic("a handler", &panic);
                plain::reason(StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
        let Some(guard) = this.guard.take() else {
            return Poll::Pending;
        };
        if *this.is_head {
            strip(&mut response);
        }
        if response.status() == StatusCode::SWITCHING_PROTOCOLS {
            guard.becomes_tunnel();
        } else if guard.is_stopping() {
            // So that no client sends another request into a connection that closes.
            plain::close(&mut response);
        }
        Poll::Ready(Ok(Served::begin(response, guard, cx)))
    }
}

/// Polls an app. What panics in its own handlers is a failure of this request alone.
fn answer<F>(app: Pin<&mut F>, cx: &mut Context<'_>) -> Result<Poll<Response>, Error>
where
    F: Future<Output = Result<Response, Infallible>>,
{
    panic::catch(|| {
        app.poll(cx)
            .map(|answer| answer.unwrap_or_else(|never| match never {}))
    })
}

impl<S: Service<Request<Body>>> State<S> {
    fn call(mut app: S, request: Request<Body>) -> Self {
        let mut cx = Context::from_waker(Waker::noop());
        match app.poll_ready(&mut cx) {
            Poll::Ready(Ok(())) => Self::Called(app.call(request)),
            Poll::Ready(Err(_)) | Poll::Pending => {
                Self::Calling(Box::pin(Oneshot::new(app, request)))
            }
        }
    }
}

/// Takes the body off the answer to a HEAD, which hyper does on HTTP/1 only. Its length stays.
fn strip(response: &mut Response) {
    let body = std::mem::take(response.body_mut());
    if let Some(length) = body.size_hint().exact().filter(|length| *length > 0) {
        let headers = response.headers_mut();
        headers.entry(CONTENT_LENGTH).or_insert(length.into());
    }
}

/// Answers what cannot be served, and trusts nothing that follows it.
fn refused(status: StatusCode) -> Response {
    let mut response = plain::reason(status);
    plain::close(&mut response);
    response
}
