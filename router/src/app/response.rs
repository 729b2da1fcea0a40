//! Responses that the table makes.

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, LOCATION};
use http::{HeaderValue, StatusCode};

/// Sends the client to the canonical spelling of its path, for good.
///
/// `path` starts with one slash and holds no backslash, so it leads to no other origin.
pub(super) fn moved(path: &str, query: Option<&str>) -> Response {
    let mut location = path.to_owned();
    if let Some(query) = query {
        location.push('?');
        location.push_str(query);
    }
    match HeaderValue::try_from(location) {
        Ok(location) => (StatusCode::PERMANENT_REDIRECT, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// Says which methods there are.
pub(super) fn allowed(status: StatusCode, methods: HeaderValue) -> Response {
    (status, [(ALLOW, methods)]).into_response()
}
