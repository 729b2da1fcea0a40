//! `/api/rivers`: the same as JSON.

use axum::Json;

use crate::rivers::{self, River};

pub async fn get() -> Json<Vec<River>> {
    Json(rivers::all().await)
}
