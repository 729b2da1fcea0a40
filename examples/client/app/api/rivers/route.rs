//! `/api/rivers`: some of the rivers, and a new one.

use anabranch::prelude::*;
use axum::Json;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::rivers::{self, River};

#[derive(Debug, Deserialize, ToSchema)]
pub struct Search {
    /// Kilometres.
    longer_than: Option<u32>,
}

/// The rivers, those that are longer than so many kilometres if a number is given.
pub async fn get(Query(search): Query<Search>) -> Json<Vec<River>> {
    let mut rivers = rivers::all();
    let least = search.longer_than.unwrap_or(0);
    rivers.retain(|river| river.length > least);
    Json(rivers)
}

/// Tells what a river would be if it were added: nothing is kept.
pub async fn post(Json(river): Json<River>) -> RouteResult<(StatusCode, Json<River>)> {
    if rivers::all().iter().any(|other| other.name == river.name) {
        return Err(Error::from_status(StatusCode::CONFLICT).into());
    }
    Ok((StatusCode::CREATED, Json(river)))
}
