//! Whether a query can be answered.

use anabranch::prelude::*;
use axum::http::StatusCode;

use crate::db::Db;

/// `ok`, or 503.
pub async fn get(State(db): State<Db>) -> (StatusCode, &'static str) {
    let answer = db.query(|connection| connection.query_row("SELECT 1", [], |_| Ok(())));
    match answer.await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "no database\n")
        }
    }
}
