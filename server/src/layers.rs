//! The layers that an app has by default: compression, security headers, request ids, the access
//! log, limits of request bodies.
//!
//! They are one service, with one future and one body: they see every request, and what none of
//! them needs for a request is not made.
//!
//! # Layout
//! - `service`: the way of a request in, and of its response out.
//! - `body`: a response's body on its way out; `encoder` compresses it, `coding` decides whether.
//! - `upload`: a request's body on its way in, with its limits.
//! - `security`: which header goes with which response, by its `media_type`.
//! - `request_id`, `access`: what the log knows of a request; `path`: how it prints one.

mod access;
mod body;
mod coding;
mod encoder;
mod media_type;
mod path;
mod request_id;
mod security;
mod service;
mod upload;

use std::sync::Arc;
use std::time::Duration;

use anabranch_html::csp::Policy;
use http::HeaderValue;
use tower::Layer;

pub use request_id::{MissingRequestId, RequestId};
pub use service::{Layered, LayeredFuture};

/// The layers that an app has by default, each of which can be removed or changed.
///
/// [`Server`](crate::Server) puts them around its app. They are also a [`tower::Layer`], for apps
/// that are served otherwise; a request that has passed them once is not touched again.
///
/// ```
/// use anabranch_server::Layers;
///
/// let app: axum::Router = axum::Router::new();
/// let app = app.layer(Layers::new().body_limit(16 << 20).without_compression());
/// ```
#[derive(Clone, Debug)]
pub struct Layers {
    config: Config,
}

/// What the layers are to do.
#[derive(Clone, Debug)]
struct Config {
    compression: bool,
    security_headers: bool,
    /// Of documents. `None` if they get no policy.
    csp: Option<HeaderValue>,
    ids: Ids,
    access_log: bool,
    body_limit: Option<usize>,
    body_timeout: Duration,
    /// Bytes per second.
    body_rate: u64,
}

/// Where a request's id comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ids {
    Off,
    Made,
    /// From the request, if it has one.
    Taken,
}

impl Layers {
    /// All of them, with the defaults that each method names.
    #[must_use]
    pub fn new() -> Self {
        Self {
            config: Config {
                compression: true,
                security_headers: true,
                csp: Some(value(&Policy::relaxed())),
                ids: Ids::Made,
                access_log: true,
                body_limit: Some(2 << 20),
                body_timeout: Duration::from_secs(30),
                body_rate: 1024,
            },
        }
    }

    /// Sends every response as it is. Default: text is compressed as the request accepts,
    /// by gzip or, with the features of these names, `zstd` or `brotli`; of a streamed response,
    /// each frame can be decoded when it is sent.
    #[must_use]
    pub fn without_compression(mut self) -> Self {
        self.config.compression = false;
        self
    }

    /// Adds no security header, the policy included. Default: `X-Content-Type-Options`,
    /// `Referrer-Policy` and `Content-Security-Policy`, where the app has not set them.
    #[must_use]
    pub fn without_security_headers(mut self) -> Self {
        self.config.security_headers = false;
        self
    }

    /// Adds no `Content-Security-Policy` to documents.
    #[must_use]
    pub fn without_csp(mut self) -> Self {
        self.config.csp = None;
        self
    }

    /// Adds this policy to documents that have none. Default: [`Policy::relaxed`].
    ///
    /// # Panics
    /// If a directive or a source of the policy is not legal in a header.
    #[must_use]
    pub fn csp(mut self, policy: &Policy) -> Self {
        self.config.csp = Some(value(policy));
        self
    }

    /// Gives requests no ids.
    #[must_use]
    pub fn without_request_ids(mut self) -> Self {
        self.config.ids = Ids::Off;
        self
    }

    /// Takes the id of a request from its `X-Request-Id`, if that is 1 to 64 letters, digits,
    /// `-`, `_` and `.`: for an app behind a proxy that sets it. Default: every request is given a
    /// new id, since a client could pass its own for another's.
    #[must_use]
    pub fn trust_request_ids(mut self) -> Self {
        self.config.ids = Ids::Taken;
        self
    }

    /// Logs no line per response.
    #[must_use]
    pub fn without_access_log(mut self) -> Self {
        self.config.access_log = false;
        self
    }

    /// How many bytes the body of a request may have; a larger one is answered 413, as soon as
    /// its `Content-Length` says so or that many have arrived. It stands in for axum's
    /// `DefaultBodyLimit`, which an inner layer may set for routes that take less. Default: 2 MiB.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.config.body_limit = Some(bytes);
        self
    }

    /// Leaves the size of bodies to the app.
    #[must_use]
    pub fn without_body_limit(mut self) -> Self {
        self.config.body_limit = None;
        self
    }

    /// How long the app may wait for the body of a request. Waiting uses it up, bytes that arrive
    /// at [`body_rate`](Self::body_rate) earn it back. A body that runs out fails, and the answer
    /// is a 408. Default: 30 seconds.
    #[must_use]
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.config.body_timeout = timeout;
        self
    }

    /// Bytes per second below which a body runs out of time. Default: 1,024.
    #[must_use]
    pub fn body_rate(mut self, bytes: u64) -> Self {
        self.config.body_rate = bytes;
        self
    }
}

impl Default for Layers {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Layer<S> for Layers {
    type Service = Layered<S>;

    fn layer(&self, inner: S) -> Layered<S> {
        Layered::new(inner, Arc::new(self.config.clone()))
    }
}

fn value(policy: &Policy) -> HeaderValue {
    HeaderValue::try_from(policy.to_string()).expect("a policy is legal in a header")
}
