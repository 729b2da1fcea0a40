//! A page in place of the response of a handler beside it.

use axum::response::Response;
use http::header::{
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, TRANSFER_ENCODING,
};
use http::{HeaderMap, HeaderName};

use crate::response::put_over;

/// What describes a body, and so goes with it.
const OF_BODY: [HeaderName; 10] = [
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

/// A page with the headers of the response that it stands in for. Where both have one, that of
/// the response counts; cookies and what an answer varies by add up.
pub(super) fn with_headers(mut page: Response, headers: &HeaderMap) -> Response {
    for name in headers.keys().filter(|name| !OF_BODY.contains(name)) {
        put_over(page.headers_mut(), name, headers);
    }
    page
}
