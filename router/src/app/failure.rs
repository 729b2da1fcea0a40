//! What the log says of a failure that shows as a view, and what the head of the page does.

use anabranch_boundaries::{Error, Head, scope};

/// Logs a failure that decides the status of its page, and whose view may show its id. That of a
/// not-found has none to show.
pub(super) fn log(route: &str, error: &Error) {
    if error.is_not_found() || !error.first_log() {
        return;
    }
    // The cause is put into words only for who listens.
    if error.status().is_server_error() {
        tracing::error!(route, error.id = %error.id(), cause = error.chain(), "a page failed");
    } else {
        tracing::debug!(route, error.id = %error.id(), cause = error.chain(), "a page refused the request");
    }
}

/// Logs a failure that shows after the status was sent.
pub(super) fn log_late(route: &str, error: &Error) {
    if !error.status().is_server_error() {
        tracing::warn!(
            route,
            error.id = %error.id(),
            "{error} behind a loading view comes after the response's status: decide it in the \
             page's head function"
        );
    } else if error.first_log() {
        let cause = error.chain();
        tracing::error!(route, error.id = %error.id(), cause, "a segment failed");
    }
}

/// Has the head of the page say what its content says, early or late.
pub(super) fn render_head(error: &Error) {
    if error.is_not_found() {
        let head = Head::title("Not found").meta("robots", "noindex");
        // The token is for a head in this place, and nothing of this one shows here.
        let _ = scope::with(|scope| scope.head(head));
    }
}
