//! Whether a query can be answered.

use anabranch::prelude::*;
use axum::http::StatusCode;

use crate::db::Db;

/// `ok`, or 503.
pub async fn get(State(db): State<Db>) -> (StatusCode, &'static str) {
    match db.ping().await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            let error = &error as &dyn std::error::Error;
            tracing::error!(error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "no database\n")
        }
    }
}
