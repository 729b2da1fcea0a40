//! A file and a request -> the answer.

use std::io;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, LAST_MODIFIED, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use httpdate::HttpDate;

use super::conditions::{Outcome, Validators};
use super::file::File;
use super::range::{self, Extent};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Answers a request for a file that exists.
pub(super) async fn answer(
    method: &Method,
    headers: &HeaderMap,
    cache_control: &HeaderValue,
    file: File,
) -> Response {
    let status = match *method {
        Method::GET | Method::HEAD => {
            let sent = send(method, headers, cache_control, file).await;
            return sent.unwrap_or_else(|error| unreadable(&error));
        }
        Method::OPTIONS => StatusCode::NO_CONTENT,
        _ => StatusCode::METHOD_NOT_ALLOWED,
    };
    (status, [(ALLOW, METHODS)]).into_response()
}

/// The answer if the file is there and cannot be read.
pub(super) fn unreadable(error: &io::Error) -> Response {
    tracing::error!(%error, "a static file could not be read");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

async fn send(
    method: &Method,
    headers: &HeaderMap,
    cache_control: &HeaderValue,
    file: File,
) -> io::Result<Response> {
    let validators = Validators {
        etag: &file.etag,
        modified: file.modified,
    };
    match validators.check(headers) {
        Outcome::Failed => return Ok(bare(StatusCode::PRECONDITION_FAILED)),
        Outcome::NotModified => {
            let mut response = bare(StatusCode::NOT_MODIFIED);
            describe(&mut response, cache_control, &file);
            return Ok(response);
        }
        Outcome::Send => {}
    }
    // HEAD has no ranges: it asks about the file.
    let extent = if method == Method::GET && validators.allow_part(headers) {
        range::requested(headers, file.len)
    } else {
        Extent::Whole
    };
    let (status, start, end) = match extent {
        Extent::Whole => (StatusCode::OK, 0, file.len),
        Extent::Part { start, end } => (StatusCode::PARTIAL_CONTENT, start, end),
        Extent::Unsatisfiable => {
            let mut response = bare(StatusCode::RANGE_NOT_SATISFIABLE);
            set(
                &mut response,
                CONTENT_RANGE,
                format!("bytes */{}", file.len),
            );
            return Ok(response);
        }
    };
    let mut response = bare(status);
    describe(&mut response, cache_control, &file);
    set(&mut response, CONTENT_TYPE, file.media_type);
    set(&mut response, CONTENT_LENGTH, end - start);
    set(&mut response, ACCEPT_RANGES, "bytes");
    if let Some(coding) = file.coding {
        set(&mut response, CONTENT_ENCODING, coding.header_value());
    }
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {start}-{}/{}", end - 1, file.len);
        set(&mut response, CONTENT_RANGE, range);
    }
    if method == Method::GET {
        *response.body_mut() = file.content.body(start, end).await?;
    }
    Ok(response)
}

fn bare(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    set(&mut response, X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

/// What 200, 206 and 304 say alike.
fn describe(response: &mut Response, cache_control: &HeaderValue, file: &File) {
    set(response, CACHE_CONTROL, cache_control);
    set(response, ETAG, &file.etag);
    // Also where there is no variant: one may come.
    set(response, VARY, "accept-encoding");
    if let Some(modified) = file.modified {
        set(
            response,
            LAST_MODIFIED,
            HttpDate::from(modified).to_string(),
        );
    }
}

fn set(response: &mut Response, name: HeaderName, value: impl TryInto<HeaderValue>) {
    // All of them are made of visible ASCII.
    if let Ok(value) = value.try_into() {
        response.headers_mut().insert(name, value);
    }
}
