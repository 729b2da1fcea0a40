//! The routes and the headers that every response has.

use anabranch::csp::Policy;
use anabranch::prelude::*;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::dashboard::{self, STYLE};
use crate::db::Db;

const ICON: &str = include_str!("icon.svg");

/// The whole application.
pub fn app(db: Db) -> Router {
    let policy = policy();
    Router::new()
        .route("/", get(page(dashboard::home)))
        .route("/icon.svg", get(icon))
        .route("/health", get(health))
        .fallback(page(dashboard::nowhere))
        .layer(Extension(Settings::new().error_page(dashboard::error_page)))
        .layer(map_response(move |response| {
            let policy = policy.clone();
            async move { with_headers(response, policy) }
        }))
        .with_state(db)
}

/// Allows the two scripts of a streamed page and this style, by hash, and the icon.
fn policy() -> HeaderValue {
    let style = format!("'sha256-{}'", STANDARD.encode(Sha256::digest(STYLE)));
    let policy = Policy::strict().allow("style-src", style).to_string();
    HeaderValue::try_from(policy).expect("hashes and keywords are legal in a header")
}

fn with_headers(mut response: Response, policy: HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

async fn icon() -> ([(HeaderName, &'static str); 2], &'static str) {
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml"),
        (header::CACHE_CONTROL, "max-age=86400"),
    ];
    (headers, ICON)
}

/// Says whether a query can be answered.
async fn health(State(db): State<Db>) -> (StatusCode, &'static str) {
    let answer = db.query(|connection| connection.query_row("SELECT 1", [], |_| Ok(())));
    match answer.await {
        Ok(()) => (StatusCode::OK, "ok\n"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "no database\n")
        }
    }
}
