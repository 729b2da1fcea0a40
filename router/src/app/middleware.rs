//! What stands before a folder's pages and routes.

use std::any::type_name;

use anabranch_boundaries::Error;
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use http::request::Parts;

use super::captures::Captures;
use crate::RouteError;
use crate::rejection::error_of;

/// What a middleware makes of a request.
#[derive(Debug)]
pub enum Step {
    /// Goes on with this request.
    Continue(Request),
    /// Answers it, and nothing further runs.
    Answer(Response),
    /// Fails, and the nearest view above shows it.
    Fail(Error),
}

/// The `handle` function of a `middleware.rs`.
///
/// `async fn handle(extractors…, request: Request) -> Result<Request, X>`: what it returns is
/// what the pages and routes of its folder get. `X` is an [`Error`], a [`RouteError`], a
/// [`Response`], a [`Redirect`] or a [`StatusCode`]. An error shows in the views above the folder;
/// a status is an empty response ([`Error::from_status`] is the one with a view). One that lets
/// everything pass may return the `Request` itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no middleware",
    label = "not a middleware's `handle` function",
    note = "a middleware is `pub async fn handle(extractors…, request: Request) -> \
            Result<Request, X>`, where X is Error, RouteError, Response, Redirect or StatusCode; \
            every extractor is one that leaves the request's body alone (`FromRequestParts`)",
    note = "a state is taken as `State(db): State<Db>`, and `Db` is the state of this app, named by \
            `anabranch::app!(Db)`, or a part of it by `FromRef`",
    note = "what `Path<…>` and `Query<…>` read into derives `Deserialize`",
    note = "its future is `Send`: what is not, such as an `Rc`, may not live across an `.await`"
)]
pub trait MiddlewareFn<A, S>: Clone + Send + Sync + 'static {
    /// Runs the middleware.
    fn call(self, request: Request, state: S) -> impl Future<Output = Step> + Send + 'static;
}

/// What a middleware may return.
#[diagnostic::on_unimplemented(
    message = "a middleware cannot return `{Self}`",
    note = "return Result<Request, X>, where X is Error, RouteError, Response, Redirect or \
            StatusCode"
)]
pub trait IntoStep {
    /// What it means.
    fn into_step(self) -> Step;
}

impl IntoStep for Request {
    fn into_step(self) -> Step {
        Step::Continue(self)
    }
}

impl<X: IntoRefusal> IntoStep for Result<Request, X> {
    fn into_step(self) -> Step {
        self.map_or_else(X::into_refusal, Step::Continue)
    }
}

/// What a middleware may fail with.
#[diagnostic::on_unimplemented(
    message = "a middleware cannot fail with `{Self}`",
    note = "fail with Error, RouteError, Response, Redirect or StatusCode"
)]
pub trait IntoRefusal {
    /// What it means.
    fn into_refusal(self) -> Step;
}

impl IntoRefusal for Error {
    fn into_refusal(self) -> Step {
        if self.is_redirect() {
            RouteError::from(self).into_refusal()
        } else {
            Step::Fail(self)
        }
    }
}

impl IntoRefusal for RouteError {
    fn into_refusal(self) -> Step {
        if self.error().is_redirect() {
            Step::Answer(self.into_response())
        } else {
            Step::Fail(self.error().clone())
        }
    }
}

macro_rules! refusals {
    ($($response:ty)*) => {
        $(impl IntoRefusal for $response {
            fn into_refusal(self) -> Step {
                Step::Answer(self.into_response())
            }
        })*
    };
}

refusals!(Response Redirect StatusCode);

macro_rules! middleware {
    ($($argument:ident)*) => {
        // Type parameters are in upper case; their values go by the same names.
        #[allow(non_snake_case, unused_mut, unused_variables)]
        impl<M, F, S, $($argument,)*> MiddlewareFn<($($argument,)*), S> for M
        where
            M: FnOnce($($argument,)* Request) -> F + Clone + Send + Sync + 'static,
            F: Future<Output: IntoStep> + Send + 'static,
            S: Send + Sync + 'static,
            $($argument: FromRequestParts<S> + Send + 'static,)*
        {
            async fn call(self, request: Request, state: S) -> Step {
                let (mut parts, body) = request.into_parts();
                $(
                    let $argument = match $argument::from_request_parts(&mut parts, &state).await {
                        Ok(argument) => argument,
                        Err(rejection) => {
                            return rejected::<M>(&parts, rejection.into_response());
                        }
                    };
                )*
                self($($argument,)* Request::from_parts(parts, body)).await.into_step()
            }
        }
    };
}

/// An extractor's answer, or the error for a view in place of it.
fn rejected<M>(parts: &Parts, response: Response) -> Step {
    // A static route has no captures, and is spelt as its path is.
    let captures = parts.extensions.get::<Captures>();
    let route = captures.map_or(parts.uri.path(), |captures| captures.pattern());
    let set = parts.extensions.get();
    let error = error_of(response, Some(route), type_name::<M>(), set);
    error.map_or_else(Step::Answer, Step::Fail)
}

middleware!();
middleware!(T1);
middleware!(T1 T2);
middleware!(T1 T2 T3);
middleware!(T1 T2 T3 T4);
middleware!(T1 T2 T3 T4 T5);
middleware!(T1 T2 T3 T4 T5 T6);
middleware!(T1 T2 T3 T4 T5 T6 T7);
middleware!(T1 T2 T3 T4 T5 T6 T7 T8);
