//! The way of a request through the layers, and of its response back.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use anabranch_boundaries::{Error, panic};
use axum::body::Body;
use axum::response::Response;
use http::{Method, Request, StatusCode, Version};
use http_body::Body as _;
use pin_project::pin_project;
use tower::Service;
use tracing::Span;

use super::access::Record;
use super::body::Outgoing;
use super::coding::{self, Coding};
use super::encoder::Encoder;
use super::path::Printed;
use super::request_id::{RequestId, X_REQUEST_ID};
use super::upload::{self, Fault, Watch};
use super::{Config, Ids, security};
use crate::plain::{self, declared_length};

/// How many headers a response gets: three of security, its id, how it is compressed, and what that
/// depends on.
const MOST_ADDED: usize = 6;

/// A service with its [`Layers`](super::Layers).
#[derive(Clone, Debug)]
pub struct Layered<S> {
    inner: S,
    config: Arc<Config>,
}

/// In the extensions of a request that has passed the layers.
#[derive(Clone, Copy)]
struct Passed;

impl<S> Layered<S> {
    pub(super) fn new(inner: S, config: Arc<Config>) -> Self {
        Self { inner, config }
    }
}

impl<S> Service<Request<Body>> for Layered<S>
where
    S: Service<Request<Body>, Response = Response>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = LayeredFuture<S::Future>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> LayeredFuture<S::Future> {
        if request.extensions().get::<Passed>().is_some() {
            return LayeredFuture {
                state: State::Called(self.inner.call(request)),
                around: None,
            };
        }
        let mut around = Around::new(self.config.clone(), &mut request);
        if !request.body().is_end_stream() {
            if upload::is_too_large(&self.config, &request) {
                around.upload = Some(Watch::of(Fault::TooLarge));
                return LayeredFuture {
                    state: State::Refused,
                    around: Some(around),
                };
            }
            let (limited, watch) = upload::limit(&self.config, request);
            request = limited;
            around.upload = Some(watch);
        }
        let span = around.span.clone();
        let _entered = span.enter();
        let mut future = LayeredFuture {
            state: State::Refused,
            around: Some(around),
        };
        // In its place at once: it is large, and a result would move it twice.
        let call = || future.state = State::Called(self.inner.call(request));
        if let Err(panic) = panic::catch(call) {
            future.state = State::Panicked(panic);
        }
        future
    }
}

/// The future of a [`Layered`] service.
///
/// # Cancel safety
/// Dropping it drops the inner service's, and logs that the client has gone.
#[pin_project]
#[derive(Debug)]
pub struct LayeredFuture<F> {
    #[pin]
    state: State<F>,
    /// `None` for a request that had passed the layers before, and once there is a response.
    around: Option<Around>,
}

#[pin_project(project = StateProjected)]
#[derive(Debug)]
enum State<F> {
    /// The body says that it is too large.
    Refused,
    /// The inner service did before it gave a future.
    Panicked(Error),
    Called(#[pin] F),
}

impl<F, E> Future for LayeredFuture<F>
where
    F: Future<Output = Result<Response, E>>,
{
    type Output = Result<Response, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let state = this.state.project();
        let Some(around) = this.around else {
            return match state {
                StateProjected::Called(inner) => inner.poll(cx),
                StateProjected::Refused | StateProjected::Panicked(_) => Poll::Pending,
            };
        };
        let span = around.span.clone();
        let _entered = span.enter();
        let response = match state {
            StateProjected::Refused => plain::reason(StatusCode::PAYLOAD_TOO_LARGE),
            StateProjected::Panicked(panic) => panicked(panic),
            StateProjected::Called(inner) => match panic::catch(|| inner.poll(cx)) {
                Ok(polled) => ready!(polled)?,
                Err(panic) => panicked(&panic),
            },
        };
        let response = match this.around.take() {
            Some(around) => around.send(response),
            None => response,
        };
        Poll::Ready(Ok(response))
    }
}

/// What the layers know of a request that is being answered.
struct Around {
    config: Arc<Config>,
    /// How the client likes its response.
    coding: Option<Coding>,
    id: Option<RequestId>,
    record: Option<Record>,
    /// The request's body, if it has one.
    upload: Option<Watch>,
    is_head: bool,
    version: Version,
    span: Span,
}

impl std::fmt::Debug for Around {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Around")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Around {
    fn new(config: Arc<Config>, request: &mut Request<Body>) -> Self {
        let id = match config.ids {
            Ids::Off => None,
            Ids::Made => Some(RequestId::new()),
            Ids::Taken => {
                let own = request.headers().get(X_REQUEST_ID);
                Some(own.and_then(RequestId::take).unwrap_or_else(RequestId::new))
            }
        };
        let span = tracing::info_span!(
            "request",
            id = id.as_ref().map(RequestId::as_str),
            method = %request.method(),
            path = %Printed(request.uri().path()),
        );
        let is_head = request.method() == Method::HEAD;
        let wants_coding = config.compression && !is_head;
        let coding = wants_coding
            .then(|| Coding::accepted(request.headers()))
            .flatten();
        let record = Record::begin(config.access_log, request, id.as_ref());
        let extensions = request.extensions_mut();
        extensions.insert(Passed);
        if let Some(id) = &id {
            extensions.insert(id.clone());
        }
        if let Some(record) = &record {
            extensions.insert(record.monitor());
        }
        Self {
            coding,
            id,
            record,
            upload: None,
            is_head,
            version: request.version(),
            span,
            config,
        }
    }

    /// Sends `response` on its way.
    fn send(mut self, mut response: Response) -> Response {
        let fault = self.upload.as_ref().and_then(Watch::fault);
        if let Some(fault) = fault {
            response = self.refuse(response, fault);
        }
        let status = response.status();
        if let Some(record) = &mut self.record {
            record.committed(status);
            if fault == Some(Fault::TooSlow) {
                record.too_slow();
            }
        }
        let declared = declared_length(response.headers());
        let len = match self.is_head {
            true => declared,
            false => response.body().size_hint().exact(),
        };
        if self.config.security_headers {
            // One after the other they would make the map grow twice. What has no room fails below.
            let _ = response.headers_mut().try_reserve(MOST_ADDED);
            security::secure(&self.config, &mut response);
        }
        let headers = response.headers_mut();
        if let Some(id) = self.id.take() {
            headers.insert(X_REQUEST_ID, id.into_header());
        }
        let mut encoder = None;
        if self.config.compression && coding::gains(status, headers, len) {
            coding::vary(headers);
            // One that cannot be made is done without.
            encoder = self.coding.and_then(|coding| {
                let encoder = Encoder::new(coding).ok()?;
                coding::apply(coding, headers);
                Some(encoder)
            });
        }
        if encoder.is_none() && self.record.is_none() {
            return response;
        }
        let Self {
            record,
            span,
            is_head,
            ..
        } = self;
        let is_sent = !is_head && !plain::has_no_content(status);
        response.map(|body| {
            let body = Outgoing::new(body, encoder, record, declared, is_sent, span);
            Body::new(body)
        })
    }

    /// The answer to a request whose body failed. What the app answered stands if it is no
    /// failure, or says the same.
    fn refuse(&self, response: Response, fault: Fault) -> Response {
        let status = match fault {
            Fault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Fault::TooSlow => StatusCode::REQUEST_TIMEOUT,
        };
        let failed = response.status().is_client_error() || response.status().is_server_error();
        let mut response = if failed && response.status() != status {
            plain::reason(status)
        } else {
            response
        };
        // The rest of the body is not worth waiting for. HTTP/2 has a stream for each.
        if self.version < Version::HTTP_2 {
            plain::close(&mut response);
        }
        response
    }
}

/// What a handler that panicked answers.
fn panicked(panic: &Error) -> Response {
    plain::log_panic("a handler", panic);
    let status = StatusCode::INTERNAL_SERVER_ERROR;
    plain::text(status, format!("Error {}", panic.id()))
}
