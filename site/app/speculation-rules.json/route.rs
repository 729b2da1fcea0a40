//! Which pages a browser may fetch before their link is followed.

use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// All, when the pointer rests on a link, but those that begin something for their visitor.
const RULES: &str = r#"{"prefetch": [{
    "where": {"and": [{"href_matches": "/*"}, {"not": {"href_matches": "/watch*"}}]},
    "eagerness": "moderate"
}]}"#;

/// The rules.
pub async fn get() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/speculationrules+json")], RULES)
}
