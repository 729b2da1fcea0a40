//! Inputs: what an argument of a handler says about the request.

use anabranch_engine::ResponseParts;
use anabranch_router::app::{self, CurrentPath, MatchedRoute, RequestCache};
use anabranch_router::{Form, FormState, PageRequest};
use anabranch_server::Stopping;
use anabranch_server::layers::RequestId;
use axum::extract::{ConnectInfo, OriginalUri, RawQuery, Request, State};
use axum::{Extension, Json};
use bytes::Bytes;
use http::{HeaderMap, Method, Uri, Version};
use serde::de::DeserializeOwned;
use utoipa::ToSchema;
use utoipa::openapi::Required;
use utoipa::openapi::path::ParameterIn;

use crate::operation::Operation;
use crate::query::{self, Field};

/// What an extractor takes from a request.
///
/// Those of axum and of Anabranch have it. For one of your own that takes nothing that a client
/// could choose, such as who is logged in, it is empty:
///
/// ```
/// use anabranch_openapi::Input;
///
/// pub struct User;
///
/// impl Input for User {}
/// ```
#[diagnostic::on_unimplemented(
    message = "OpenAPI knows nothing of the argument `{Self}`",
    label = "no `Input`",
    note = "what is read as JSON, as a query or as a form is described by `#[derive(utoipa::ToSchema)]`",
    note = "an extractor of your own says what it takes: `impl anabranch::openapi::Input for … {{}}` if a client has no say in it"
)]
pub trait Input {
    /// Adds what it takes.
    fn describe(operation: &mut Operation<'_>) {
        let _ = operation;
    }
}

macro_rules! nothing {
    ($($type:ty)*) => {
        $(impl Input for $type {})*
    };
}

nothing! {
    CurrentPath HeaderMap MatchedRoute Method OriginalUri PageRequest RawQuery Request RequestCache
    RequestId ResponseParts Stopping Uri Version
}

impl<T> Input for State<T> {}
impl<T> Input for Extension<T> {}
impl<T> Input for ConnectInfo<T> {}
impl<T> Input for FormState<T> {}

impl<T: ToSchema> Input for Json<T> {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schema::<T>();
        operation.body("application/json", Some(schema));
    }
}

impl<T: ToSchema> Input for Form<T> {
    fn describe(operation: &mut Operation<'_>) {
        form::<T>(operation);
    }
}

impl<T: ToSchema> Input for axum::Form<T> {
    fn describe(operation: &mut Operation<'_>) {
        form::<T>(operation);
    }
}

fn form<T: ToSchema>(operation: &mut Operation<'_>) {
    let schema = operation.schema::<T>();
    operation.body("application/x-www-form-urlencoded", Some(schema));
}

impl Input for String {
    fn describe(operation: &mut Operation<'_>) {
        let schema = operation.schema::<Self>();
        operation.body("text/plain", Some(schema));
    }
}

impl Input for Bytes {
    fn describe(operation: &mut Operation<'_>) {
        operation.body("application/octet-stream", None);
    }
}

impl<T: DeserializeOwned> Input for app::Path<T> {
    fn describe(operation: &mut Operation<'_>) {
        let names = operation.path_names();
        let schemas = crate::path::schemas::<T>(&names);
        for (name, schema) in names.iter().zip(schemas) {
            operation.parameter(name, ParameterIn::Path, true, schema);
        }
    }
}

impl<T: ToSchema> Input for app::Query<T> {
    fn describe(operation: &mut Operation<'_>) {
        query::<T>(operation);
    }
}

impl<T: ToSchema> Input for axum::extract::Query<T> {
    fn describe(operation: &mut Operation<'_>) {
        query::<T>(operation);
    }
}

/// Each field is a parameter. Its type is in the document for its fields' sake only.
fn query<T: ToSchema>(operation: &mut Operation<'_>) {
    let names = operation.names();
    names.nested::<T>();
    for field in query::fields(names, &T::schema()) {
        let Field {
            name,
            required,
            schema,
        } = field;
        operation.parameter(&name, ParameterIn::Query, required, schema);
    }
}

/// It may be missing, as far as that is known of a body.
impl<T: Input> Input for Option<T> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
        operation.body_required(Required::False);
    }
}

impl<T: Input, E> Input for Result<T, E> {
    fn describe(operation: &mut Operation<'_>) {
        T::describe(operation);
    }
}
