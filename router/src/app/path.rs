//! `Path`: the parameters that a segment sees.

mod deserialize;

use std::any::type_name;
use std::ops::{Deref, DerefMut};

use anabranch_boundaries::{Error, not_found};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

use self::deserialize::{Invalid, Parameters};
use super::captures::Captures;

/// Extractor of the parameters in the URL, as far as the folder of the file that takes it.
///
/// | type | value |
/// |---|---|
/// | one value: a number, a `String`, your own `Deserialize` type | the nearest parameter |
/// | a tuple of n | the nearest n, in the order of the URL |
/// | a struct or a map | by name |
/// | `String` or `Vec<String>` | `[...rest]`, as one text `a/b` or in segments |
/// | `Option<…>` | `[[...rest]]`, `None` if it stands for nothing |
///
/// Values are percent-decoded. One that does not parse is a [`not_found`]: the URL names nothing.
/// A number has one spelling: `+5` and `007` are none. One segment may hold a slash, `%2F` in the
/// URL. A rest as one text may not, so a file's path that is made of it stays below its folder.
/// A type that does not fit the route is a mistake in the program; it answers 500 and the log
/// says what to change.
///
/// ```
/// use anabranch_boundaries::Result;
/// use anabranch_router::app::Path;
/// use maud::html;
///
/// // app/users/[id]/posts/[post]/page.rs
/// pub async fn render(Path((id, post)): Path<(u64, String)>) -> Result {
///     Ok(html! { p { "Post " (post) " of user " (id) } })
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path<T>(pub T);

impl<T> Deref for Path<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Path<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: DeserializeOwned + Send, S: Sync> FromRequestParts<S> for Path<T> {
    type Rejection = PathRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, PathRejection> {
        let captures = parts.extensions.get::<Captures>();
        let parameters =
            Parameters::new(captures.into_iter().flat_map(Captures::visible).collect());
        match T::deserialize(&parameters) {
            Ok(value) => Ok(Self(value)),
            Err(Invalid::Value(_)) => Err(PathRejection(not_found())),
            Err(Invalid::Use(mistake)) => {
                let route = captures.map_or(parts.uri.path(), |captures| captures.pattern());
                let wanted = type_name::<T>();
                Err(PathRejection(Error::msg(format!(
                    "Path<{wanted}> does not fit the route {route}: {mistake}"
                ))))
            }
        }
    }
}

/// `None` where [`Path`] finds no parameter, or a `[[...rest]]` that stands for nothing.
impl<T: DeserializeOwned + Send, S: Sync> OptionalFromRequestParts<S> for Path<T> {
    type Rejection = PathRejection;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> Result<Option<Self>, PathRejection> {
        let captures = parts.extensions.get::<Captures>();
        let nearest = captures.and_then(|captures| captures.visible().last());
        match nearest {
            Some(nearest) if !nearest.is_empty() => {
                let path = <Self as FromRequestParts<S>>::from_request_parts(parts, state).await;
                path.map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// Why there is no [`Path`]: a 404, or a mistake in the program.
///
/// In a page it shows as a not-found or an error view. Elsewhere it is a plain response.
#[derive(Clone, Debug)]
pub struct PathRejection(Error);

impl From<PathRejection> for Error {
    fn from(rejection: PathRejection) -> Self {
        rejection.0
    }
}

impl IntoResponse for PathRejection {
    fn into_response(self) -> Response {
        let status = self.0.status();
        if status.is_server_error() && self.0.first_log() {
            tracing::error!(error.id = %self.0.id(), "{}", self.0);
        }
        let text = if status == StatusCode::NOT_FOUND {
            "not found"
        } else {
            "error"
        };
        let mut response = (status, text).into_response();
        // Whoever can show a view finds the error here.
        response.extensions_mut().insert(self.0);
        response
    }
}
