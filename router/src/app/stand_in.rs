//! A page in place of the response of a handler beside it.

use axum::response::Response;
use http::HeaderMap;

use crate::response::{OF_BODY, put_over};

/// A page with the headers of the response that it stands in for. Where both have one, that of
/// the response counts; cookies and what an answer varies by add up.
pub(super) fn with_headers(mut page: Response, headers: &HeaderMap) -> Response {
    for name in headers.keys().filter(|name| !OF_BODY.contains(name)) {
        put_over(page.headers_mut(), name, headers);
    }
    page
}
