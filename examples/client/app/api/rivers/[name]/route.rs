//! `/api/rivers/Lena`: one river.

use anabranch::prelude::*;
use axum::Json;

use crate::rivers::{self, River};

/// One river, by its name.
pub async fn get(Path(name): Path<String>) -> RouteResult<Json<River>> {
    let mut rivers = rivers::all().into_iter();
    let river = rivers.find(|river| river.name == name);
    Ok(Json(river.or_not_found()?))
}
