//! The headers of a page, and of what is sent in its place.

use std::sync::LazyLock;

use anabranch_engine::{Rendered, ResponseParts};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, SET_COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Tells nginx, and proxies that follow it, to pass on what arrives as it arrives.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// A page at its commit point, as a response.
///
/// It is sent as UTF-8 HTML. A page with boundaries asks shared caches not to keep it, since how
/// it is sent depends on who asks; one that streams asks proxies not to buffer it. A header that
/// the page has set stays as it is.
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
            has_boundaries,
        } = self.rendered;
        let is_stream = body.is_stream();
        if is_stream && has_boundaries && headers.is_empty() {
            // Copied, which costs half of what it costs to add one after the other.
            static STREAM: LazyLock<HeaderMap> = LazyLock::new(|| {
                let mut headers = HeaderMap::new();
                add_headers(&mut headers, true, true);
                headers
            });
            headers = STREAM.clone();
        } else {
            add_headers(&mut headers, is_stream, has_boundaries);
        }
        let mut response = Response::new(Body::new(body));
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}

/// Adds those that `headers` does not have.
fn add_headers(headers: &mut HeaderMap, is_stream: bool, has_boundaries: bool) {
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.entry(CONTENT_TYPE).or_insert(html);
    if is_stream {
        headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    }
    if has_boundaries {
        let private = HeaderValue::from_static("private");
        headers.entry(CACHE_CONTROL).or_insert(private);
    }
}

/// Adds what middleware, extractors and a handler have set to a response that is no page.
///
/// A header of the response itself wins, cookies add up.
pub(crate) fn with_parts(mut response: Response, parts: Option<&ResponseParts>) -> Response {
    let Some(parts) = parts else {
        return response;
    };
    let (status, mut headers) = parts.commit();
    if let Some(status) = status
        && response.status() == StatusCode::OK
    {
        *response.status_mut() = status;
    }
    let own = std::mem::take(response.headers_mut());
    for name in own.keys().filter(|name| **name != SET_COOKIE) {
        headers.remove(name);
    }
    for (name, value) in &own {
        headers.append(name, value.clone());
    }
    *response.headers_mut() = headers;
    response
}
