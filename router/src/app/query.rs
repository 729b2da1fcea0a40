//! `Query`: what stands behind the question mark.

use std::ops::Deref;

use anabranch_boundaries::Error;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{StatusCode, Uri};
use serde::de::DeserializeOwned;

use crate::forms;
use crate::rejection::Reason;

/// Extractor of the query, by name.
///
/// What axum's `Query` takes, it takes in the same way. Beside that it takes what a form with
/// `method="get"` sends, by the rules for the [fields](crate::forms#fields) of a
/// [`Form`](crate::Form): `on` is `true`, a `Vec` takes every value of its name, and an empty
/// input is `None` for an `Option` of what is no text. An `Option<String>` has the empty text.
///
/// A query that does not parse is a 400. In a page it shows in the nearest error view.
///
/// ```
/// use anabranch_boundaries::Result;
/// use anabranch_router::app::Query;
/// use maud::html;
/// use serde::Deserialize;
///
/// #[derive(Deserialize)]
/// struct Search {
///     text: Option<String>,
/// }
///
/// pub async fn render(Query(search): Query<Search>) -> Result {
///     Ok(html! { input name="text" value=[search.text]; })
/// }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Query<T>(pub T);

impl<T> Deref for Query<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = QueryRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, QueryRejection> {
        read(&parts.uri).map(Self).map_err(QueryRejection)
    }
}

/// What the query says, or why it says nothing.
fn read<T: DeserializeOwned>(uri: &Uri) -> Result<T, String> {
    let refused = match axum::extract::Query::try_from_uri(uri) {
        Ok(query) => return Ok(query.0),
        Err(refused) => refused,
    };
    forms::of_query(uri.query().unwrap_or_default()).map_err(|mistakes| match &*mistakes {
        "" => refused.body_text(),
        mistakes => format!("The query does not fit. {mistakes}"),
    })
}

/// Why there is no [`Query`]: a 400.
#[derive(Debug)]
pub struct QueryRejection(String);

impl QueryRejection {
    /// What does not parse, and why.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.clone()
    }
}

impl IntoResponse for QueryRejection {
    fn into_response(self) -> Response {
        let mut response = (StatusCode::BAD_REQUEST, self.0.clone()).into_response();
        // Whoever can show a view finds the error here.
        let error = Error::from_status(StatusCode::BAD_REQUEST);
        let extensions = response.extensions_mut();
        extensions.insert(error);
        extensions.insert(Reason(self.0));
        response
    }
}
