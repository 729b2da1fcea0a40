//! What an extractor answers in place of an argument, as an error for a view.

use anabranch_boundaries::Error;
use axum::response::Response;

/// Why an extractor refuses a request, in its response beside the error for a view: for the log.
#[derive(Clone, Debug)]
pub(crate) struct Reason(pub(crate) String);

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
        tracing::info!(
            route,
            file,
            error.id = %error.id(),
            cause,
            "an extractor refused the request"
        );
    }
    Some(error)
}
