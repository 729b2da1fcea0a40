//! What the handlers of a route fail with, and how they send a visitor on.

use std::cell::Cell;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_boundaries::{Error, redirect};
use axum::response::{IntoResponse, Response};
use http::header::LOCATION;
use http::{HeaderValue, StatusCode};
use pin_project::pin_project;

use crate::forms;

/// What a handler of a route returns.
pub type RouteResult<T = Response> = Result<T, RouteError>;

/// Why a handler of a route has no answer of its own.
///
/// `?` makes it of anything that becomes an [`Error`], that is of any [`std::error::Error`]; of
/// [`not_found`](anabranch_boundaries::not_found) and [`redirect`]; and of a
/// [`FormState`](crate::FormState) with messages.
///
/// As a response a form is shown again at 422, a redirect is a 303, and the rest has the status
/// of the error and a text without details. The error is an extension of the response then: beside
/// a page of an `app/` folder, the page's nearest error view shows in place of the text, unless the
/// request accepts JSON and no HTML.
///
/// ```
/// use anabranch_boundaries::{OrNotFound, not_found};
/// use anabranch_router::RouteResult;
///
/// async fn get() -> RouteResult<String> {
///     let text = std::fs::read_to_string("airports.csv")?;
///     let line = text.lines().next().or_not_found()?;
///     Ok(line.to_owned())
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(get));
/// ```
#[derive(Clone, Debug)]
pub struct RouteError(Error);

impl RouteError {
    /// The error behind it.
    #[must_use]
    pub fn error(&self) -> &Error {
        &self.0
    }
}

impl<E: Into<Error>> From<E> for RouteError {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl IntoResponse for RouteError {
    fn into_response(self) -> Response {
        let Self(error) = self;
        if let Some(form) = forms::of_error(&error) {
            return form;
        }
        if let Some(Ok(location)) = error.location().map(HeaderValue::from_str) {
            return (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
        }
        let status = error.status();
        if status.is_server_error() && error.first_log() {
            let (route, cause) = (ROUTE.get(), error.chain());
            tracing::error!(route, error.id = %error.id(), cause, "a route failed");
        }
        let mut response = (status, text(&error)).into_response();
        response.extensions_mut().insert(error);
        response
    }
}

thread_local! {
    /// The route whose handler is polled: what it fails with becomes a response there, and knows
    /// nothing of its request.
    static ROUTE: Cell<Option<&'static str>> = const { Cell::new(None) };
}

/// The handler of a route, whose failures the log names by it.
#[pin_project]
pub(crate) struct OfRoute<F> {
    route: &'static str,
    #[pin]
    handler: F,
}

impl<F> OfRoute<F> {
    /// `handler` does not panic.
    pub(crate) fn new(route: &'static str, handler: F) -> Self {
        Self { route, handler }
    }
}

impl<F: Future> Future for OfRoute<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let this = self.project();
        let before = ROUTE.replace(Some(this.route));
        let polled = this.handler.poll(cx);
        ROUTE.set(before);
        polled
    }
}

fn text(error: &Error) -> String {
    let status = error.status();
    let reason = status.canonical_reason().unwrap_or("Error");
    if status.is_server_error() {
        format!("{reason} (error {})\n", error.id())
    } else {
        format!("{reason}\n")
    }
}

/// Sends the visitor to `path` on this site after a form was accepted, so that a reload submits
/// nothing twice.
///
/// As with [`redirect`], anything that could lead to another origin becomes an ordinary error,
/// here a 500 that the log explains.
///
/// ```
/// use anabranch_router::{SeeOther, see_other};
///
/// async fn logout() -> SeeOther {
///     see_other("/desk/login")
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::post(logout));
/// ```
#[must_use]
pub fn see_other(path: impl Into<String>) -> SeeOther {
    SeeOther(redirect(path))
}

/// A 303 to another path of this site. Made by [`see_other`].
#[derive(Clone, Debug)]
pub struct SeeOther(
    /// A redirect, or the error that refuses it.
    Error,
);

impl IntoResponse for SeeOther {
    fn into_response(self) -> Response {
        RouteError(self.0).into_response()
    }
}
