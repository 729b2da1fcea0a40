//! The handler for an external bridge.

use anabranch_html::script::BRIDGE;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// Serves the bridge, for pages that load it with `ScriptMode::External`.
///
/// ```
/// use anabranch_engine::Settings;
/// use anabranch_html::script::ScriptMode;
/// use axum::{Extension, Router, routing::get};
///
/// let settings = Settings::new().script(ScriptMode::External("/anabranch.js".into()));
/// let app: Router = Router::new()
///     .route("/anabranch.js", get(anabranch_router::bridge))
///     .layer(Extension(settings));
/// ```
pub async fn bridge() -> Response {
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=3600"),
    ];
    (headers, BRIDGE).into_response()
}
