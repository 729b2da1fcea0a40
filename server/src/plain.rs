//! Answers that are the server's own, and panics of an app that lead to them.

use std::error::Error as StdError;
use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_boundaries::{Error, panic};
use axum::body::{Body, Bytes};
use axum::response::Response;
use http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::{Body as _, Frame};

pub(crate) type BoxError = Box<dyn StdError + Send + Sync>;

/// What polling a body gives.
pub(crate) type Next = Poll<Option<Result<Frame<Bytes>, BoxError>>>;

/// An answer that says no more than its status.
pub(crate) fn reason(status: StatusCode) -> Response {
    text(status, status.canonical_reason().unwrap_or_default())
}

pub(crate) fn text(status: StatusCode, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, plain);
    response
}

/// Whether a response with this status is never followed by content, whatever its body: RFC 9110,
/// sections 15.3.5 and 15.4.5.
pub(crate) fn has_no_content(status: StatusCode) -> bool {
    [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status)
}

/// The length of a body by its header.
pub(crate) fn declared_length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

/// Lets the connection end with this response.
pub(crate) fn close(response: &mut Response) {
    let close = HeaderValue::from_static("close");
    response.headers_mut().insert(CONNECTION, close);
}

/// Logs what panicked, with the id by which the panic hook has named it.
pub(crate) fn log_panic(what: &str, panic: &Error) {
    let (id, cause) = (panic.id(), panic.chain());
    tracing::error!(error.id = %id, cause, "{what} panicked");
}

/// Polls a body. One that panics fails.
pub(crate) fn poll_body(body: Pin<&mut Body>, cx: &mut Context<'_>) -> Next {
    match panic::catch(|| body.poll_frame(cx)) {
        Ok(polled) => polled.map_err(Into::into),
        Err(panic) => {
            log_panic("the body of a response", &panic);
            Poll::Ready(Some(Err("the body of a response panicked".into())))
        }
    }
}
