//! Outputs: what the result of a handler says about the answers.

use std::borrow::Cow;
use std::convert::Infallible;

use anabranch_router::{FormState, RouteError, SeeOther};
use axum::Json;
use axum::response::{Html, NoContent, Redirect, Response, Sse};
use bytes::Bytes;
use http::StatusCode;
use utoipa::ToSchema;

use crate::document::Document;
use crate::operation::Operation;

/// What a result answers a request with.
///
/// Those of axum and of Anabranch have it. One of your own passes on what it becomes:
///
/// ```
/// use anabranch_openapi::{Operation, Output};
/// use axum::Json;
/// use axum::response::{IntoResponse, Response};
/// use serde::Serialize;
/// use utoipa::ToSchema;
///
/// #[derive(Serialize, ToSchema)]
/// pub struct Problem {
///     title: String,
/// }
///
/// impl IntoResponse for Problem {
///     fn into_response(self) -> Response {
///         Json(self).into_response()
///     }
/// }
///
/// impl Output for Problem {
///     fn describe(operation: &mut Operation<'_>) {
///         Json::<Self>::describe(operation);
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "OpenAPI knows nothing of the result `{Self}`",
    label = "no `Output`",
    note = "a result is described by its type: `Json<T>` with `#[derive(utoipa::ToSchema)]`, `RouteResult<Json<T>>`, `String`, `StatusCode`, `Response`",
    note = "a type of your own says what it becomes: `impl anabranch::openapi::Output for …`"
)]
pub trait Output {
    /// Adds its answers.
    fn describe(operation: &mut Operation<'_>);
}

macro_rules! answers {
    ($($type:ty: $status:literal $media_type:literal)*) => {
        $(impl Output for $type {
            fn describe(operation: &mut Operation<'_>) {
                let schema = operation.schema::<String>();
                operation.answer_of($status, $media_type, Some(schema));
            }
        })*
    };
    ($($type:ty: $status:literal)*) => {
        $(impl Output for $type {
            fn describe(operation: &mut Operation<'_>) {
                operation.answer($status);
            }
        })*
    };
}

answers! {
    String: "200" "text/plain"
    &str: "200" "text/plain"
    Cow<'_, str>: "200" "text/plain"
}

answers! {
    (): "200"
    NoContent: "204"
    Redirect: "3XX"
    SeeOther: "303"
    // Of these nothing is known but that they answer.
    Response: "2XX"
    StatusCode: "2XX"
}

impl Output for Infallible {
    fn describe(_: &mut Operation<'_>) {}
}

impl<T: ToSchema> Output for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schema::<T>();
        operation.answer_of("200", "application/json", Some(schema));
    }
}

impl<T> Output for Html<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schema::<String>();
        operation.answer_of("200", "text/html", Some(schema));
    }
}

impl<T> Output for Sse<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schema::<String>();
        operation.answer_of("200", "text/event-stream", Some(schema));
    }
}

impl Output for Bytes {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer_of("200", "application/octet-stream", None);
    }
}

impl Output for Document {
    fn describe(operation: &mut Operation<'_>) {
        operation.answer_of("200", "application/json", None);
    }
}

/// The status is one that only the handler knows.
impl<T: Output> Output for (StatusCode, T) {
    fn describe(operation: &mut Operation<'_>) {
        operation.any_success(T::describe);
    }
}

impl<T: Output, E: Output> Output for Result<T, E> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        operation.failure(E::describe);
    }
}

/// A text.
impl Output for RouteError {
    fn describe(operation: &mut Operation<'_>) {
        operation.failure(String::describe);
    }
}

/// Beside a page it is the page, for a script its messages.
impl<T> Output for FormState<T> {
    fn describe(operation: &mut Operation<'_>) {
        operation.failure(|operation| operation.answer("422"));
    }
}
