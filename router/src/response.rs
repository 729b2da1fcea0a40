//! The headers of a page.

use anabranch_engine::Rendered;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};

/// Tells nginx, and proxies that follow it, to pass on what arrives as it arrives.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A page at its commit point, as a response.
///
/// It is sent as UTF-8 HTML. A page that streams also asks proxies not to buffer it, and shared
/// caches not to keep it. A header that the page has set stays as it is.
#[derive(Debug)]
pub struct Page {
    rendered: Rendered,
}

impl From<Rendered> for Page {
    fn from(rendered: Rendered) -> Self {
        Self { rendered }
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let Rendered {
            status,
            mut headers,
            body,
        } = self.rendered;
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        headers.entry(CONTENT_TYPE).or_insert(html);
        if body.is_stream() {
            headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
            let private = HeaderValue::from_static("private");
            headers.entry(CACHE_CONTROL).or_insert(private);
        }
        let mut response = Response::new(Body::new(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}
