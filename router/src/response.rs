//! The headers of a page, and of what is sent in its place.

use std::sync::LazyLock;

use anabranch_engine::{Rendered, ResponseParts};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_LOCATION, CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, SET_COOKIE,
    TRANSFER_ENCODING, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

/// Tells nginx, and proxies that follow it, to pass on what arrives as it arrives.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// What describes a body, and so goes with it.
pub(crate) const OF_BODY: [HeaderName; 10] = [
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_RANGE,
    CONTENT_TYPE,
    ETAG,
    LAST_MODIFIED,
    TRANSFER_ENCODING,
];

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
/// A header of the response itself wins; cookies and what an answer varies by add up.
pub(crate) fn with_parts(response: Response, parts: Option<&ResponseParts>) -> Response {
    match parts {
        Some(parts) => {
            let (status, headers) = parts.commit();
            with_committed(response, status, headers)
        }
        None => response,
    }
}

/// The same for parts that are committed.
pub(crate) fn with_committed(
    mut response: Response,
    status: Option<StatusCode>,
    mut headers: HeaderMap,
) -> Response {
    if let Some(status) = status
        && response.status() == StatusCode::OK
    {
        *response.status_mut() = status;
    }
    let own = std::mem::take(response.headers_mut());
    for name in own.keys() {
        put_over(&mut headers, name, &own);
    }
    *response.headers_mut() = headers;
    response
}

/// Puts what `own` has of a header in place of what `headers` has of it. Cookies add up, and so
/// does what an answer varies by: whoever names less of it has caches mix up the variants.
pub(crate) fn put_over(headers: &mut HeaderMap, name: &HeaderName, own: &HeaderMap) {
    if *name != SET_COOKIE && *name != VARY {
        headers.remove(name);
    }
    for value in own.get_all(name) {
        if *name != VARY || !varies_by(headers, value) {
            headers.append(name, value.clone());
        }
    }
}

/// Whether all that `value` names is in `Vary` already.
fn varies_by(headers: &HeaderMap, value: &HeaderValue) -> bool {
    let named = headers.get_all(VARY);
    let is_named = |name: &[u8]| {
        let mut names = named.iter().flat_map(names_of);
        names.any(|named| named.eq_ignore_ascii_case(name))
    };
    names_of(value).all(is_named)
}

/// The members of a list.
fn names_of(value: &HeaderValue) -> impl Iterator<Item = &[u8]> {
    let names = value.as_bytes().split(|byte| *byte == b',');
    names.map(<[u8]>::trim_ascii)
}
