//! What a test asks its app for.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;
use std::sync::Arc;

use anabranch_engine::{Monitor, is_bot};
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, Request, Response, Version};
use tower::util::{BoxCloneSyncService, ServiceExt};
use tower::{BoxError, Service};

use super::StreamTest;
use super::record::Record;

/// A request under way to an app: add to it what it needs, then await it.
///
/// Made by [`StreamTest::get`]. Awaited, it is the page at its commit point, with the first frame
/// read. A clone asks once more.
#[derive(Clone)]
#[must_use = "a request is sent when it is awaited"]
pub struct StreamRequest {
    app: BoxCloneSyncService<Request<Body>, Response<Body>, BoxError>,
    method: Method,
    path: String,
    version: Version,
    headers: HeaderMap,
    body: Bytes,
    free: bool,
    call_site: &'static Location<'static>,
}

impl StreamRequest {
    #[track_caller]
    pub(super) fn get<S, B>(app: S, path: &str) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let app = app.map_response(|response: Response<B>| response.map(Body::new));
        Self {
            app: BoxCloneSyncService::new(app.map_err(Into::into)),
            method: Method::GET,
            path: path.to_owned(),
            version: Version::HTTP_11,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            free: false,
            call_site: Location::caller(),
        }
    }

    /// Sends a header.
    ///
    /// # Panics
    /// When the name or value is none.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let name = HeaderName::try_from(name).expect("the name of a header");
        let value = HeaderValue::try_from(value).expect("the value of a header");
        self.headers.append(name, value);
        self
    }

    /// Sends a cookie, in one header with those before, as a browser does.
    ///
    /// # Panics
    /// When the two are no value of a header.
    #[track_caller]
    pub fn cookie(mut self, name: &str, value: &str) -> Self {
        let cookie = format!("{name}={value}");
        let Some(cookies) = self.headers.get_mut(header::COOKIE) else {
            return self.header(header::COOKIE.as_str(), &cookie);
        };
        let joined = [cookies.as_bytes(), b"; ", cookie.as_bytes()].concat();
        *cookies = HeaderValue::try_from(joined).expect("the value of a header");
        self
    }

    /// Says who reads the page. Bots get it in one piece.
    ///
    /// # Panics
    /// When the name is no value of a header.
    #[track_caller]
    pub fn user_agent(self, name: &str) -> Self {
        self.header(header::USER_AGENT.as_str(), name)
    }

    /// Uses another method than `GET`.
    pub fn method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Sends a body, such as that of a form.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Holds no boundary back: each arrives when it is ready, with the shell or after it.
    ///
    /// The pages of bots and the answers to `HEAD` are always so, because they wait for every
    /// boundary.
    pub fn free(mut self) -> Self {
        self.free = true;
        self
    }

    /// The same as a page in one piece: over HTTP/1.0, which has no way to send parts.
    pub(super) fn whole(mut self) -> Self {
        self.version = Version::HTTP_10;
        self.free()
    }

    /// Lets `record` see the page, and asks the app.
    pub(super) async fn send(&self, record: &Arc<Record>) -> Result<Response<Body>, BoxError> {
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.path.parse()?;
        *request.version_mut() = self.version;
        *request.headers_mut() = self.headers.clone();
        if self.free || self.wants_whole() {
            record.holds.release_all();
        }
        let monitor = Monitor::new();
        monitor.observe(record.clone());
        request.extensions_mut().insert(monitor);
        self.app.clone().oneshot(request).await
    }

    pub(super) fn call_site(&self) -> &'static Location<'static> {
        self.call_site
    }

    fn wants_whole(&self) -> bool {
        let agent = self.headers.get(header::USER_AGENT);
        let agent = agent.and_then(|agent| agent.to_str().ok());
        self.method == Method::HEAD || agent.is_some_and(is_bot)
    }
}

impl IntoFuture for StreamRequest {
    type Output = StreamTest;
    type IntoFuture = Pin<Box<dyn Future<Output = StreamTest>>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(StreamTest::open(self))
    }
}

impl fmt::Display for StreamRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl fmt::Debug for StreamRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &self.headers)
            .field("free", &self.free)
            .finish_non_exhaustive()
    }
}
