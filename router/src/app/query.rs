//! `Query`: what stands behind the question mark.

use std::ops::Deref;

use anabranch_boundaries::Error;
use axum::extract::FromRequestParts;
use axum::extract::rejection::QueryRejection as AxumRejection;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;
use serde::de::DeserializeOwned;

/// Extractor of the query, by name: axum's, but for what it does in a page.
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

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, QueryRejection> {
        let query = axum::extract::Query::from_request_parts(parts, state).await;
        query.map(|query| Self(query.0)).map_err(QueryRejection)
    }
}

/// Why there is no [`Query`]: a 400.
#[derive(Debug)]
pub struct QueryRejection(AxumRejection);

impl QueryRejection {
    /// What does not parse, and why.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.body_text()
    }
}

impl IntoResponse for QueryRejection {
    fn into_response(self) -> Response {
        let mut response = self.0.into_response();
        // Whoever can show a view finds the error here.
        let error = Error::from_status(StatusCode::BAD_REQUEST);
        response.extensions_mut().insert(error);
        response
    }
}
