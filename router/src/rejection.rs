//! What an extractor answers in place of an argument, as an error for a view.

use anabranch_boundaries::Error;
use anabranch_engine::ResponseParts;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use futures_util::FutureExt;
use http::HeaderMap;
use http::header::{SET_COOKIE, VARY};

use crate::response::OF_BODY;

/// How much of the text of an extractor goes to the log, in bytes.
const MAX_TEXT: usize = 4096;

/// Why an extractor refuses a request, in its response beside the error for a view: for the log.
#[derive(Clone, Debug)]
pub(crate) struct Reason(pub(crate) String);

/// The error for a view in place of what an extractor answers: the one that it has left there, or
/// that of [`failure_of`]. Else its answer.
#[expect(clippy::result_large_err, reason = "it is passed on as it is")]
pub(crate) fn error_of(
    mut rejection: Response,
    route: Option<&str>,
    file: &str,
    parts: Option<&ResponseParts>,
) -> Result<Error, Response> {
    match take_error(&mut rejection, route, Some(file)) {
        Some(error) => Ok(error),
        None => failure_of(rejection, route, Some(file), parts),
    }
}

/// The error for an extractor that fails itself, with a 5xx: its text tells of the program, as
/// that of an `Extension` that nobody has set does, so it is for the log. Else its answer.
#[expect(clippy::result_large_err, reason = "it is passed on as it is")]
pub(crate) fn failure_of(
    rejection: Response,
    route: Option<&str>,
    file: Option<&str>,
    parts: Option<&ResponseParts>,
) -> Result<Error, Response> {
    let is_error = rejection.extensions().get::<Error>().is_some();
    if is_error || !rejection.status().is_server_error() {
        return Err(rejection);
    }
    let (head, body) = rejection.into_parts();
    let error = Error::from_status(head.status);
    if error.first_log() {
        let cause = text_of(body);
        tracing::error!(route, file, error.id = %error.id(), cause, "an extractor failed");
    }
    if let Some(parts) = parts {
        keep_headers(&head.headers, parts);
    }
    Ok(error)
}

/// What is there of a body, which is the text of a rejection, as a rule: nobody waits for more.
fn text_of(body: Body) -> String {
    match to_bytes(body, MAX_TEXT).now_or_never() {
        Some(Ok(text)) => String::from_utf8_lossy(&text).into_owned(),
        _ => "its answer is no short text".to_owned(),
    }
}

/// Has the page send what does not describe the text, such as `Retry-After`.
fn keep_headers(headers: &HeaderMap, parts: &ResponseParts) {
    let kept = headers.iter().filter(|(name, _)| !OF_BODY.contains(name));
    for (name, value) in kept {
        let Ok(value) = value.to_str() else {
            continue;
        };
        // An error says that it is too late, which it is not: nothing is committed yet.
        let _ = match *name == SET_COOKIE || *name == VARY {
            true => parts.append_header(name.clone(), value),
            false => parts.insert_header(name.clone(), value),
        };
    }
}

/// Takes the error that somebody has left in a response for a view, and logs the reason beside it.
pub(crate) fn take_error(
    response: &mut Response,
    route: Option<&str>,
    file: Option<&str>,
) -> Option<Error> {
    let extensions = response.extensions_mut();
    let error = extensions.remove::<Error>()?;
    if let Some(Reason(cause)) = extensions.remove()
        && error.first_log()
    {
        tracing::debug!(
            route,
            file,
            error.id = %error.id(),
            cause,
            "an extractor refused the request"
        );
    }
    Some(error)
}
