//! The bytes of inspected pages, on paused time.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod support;

use std::time::Duration;

use anabranch_boundaries::{Error, Result, boundary};
use anabranch_engine::ResponseParts;
use anabranch_html::csp::{Policy, TRIGGER_HASH};
use anabranch_inspector::{Inspector, SCRIPT, SCRIPT_HASH};
use anabranch_router::page;
use anabranch_server::Layers;
use axum::Extension;
use axum::Router;
use axum::routing::get;
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use maud::{Markup, html};
use tokio::time::sleep;

use support::{Answer, ask, ask_as, blocks};

/// The name of a boundary that would like to be markup.
const HOSTILE: &str = "</script><script>alert(1)</script><!--\u{2028}\"";

async fn after(ms: u64, content: Markup) -> Result {
    sleep(Duration::from_millis(ms)).await;
    Ok(content)
}

/// Waits 60 ms, shows one boundary that is ready and one with another one inside.
async fn nested() -> Result {
    sleep(Duration::from_millis(60)).await;
    let outer = async {
        sleep(Duration::from_millis(100)).await;
        let inner = boundary(after(200, html! { "inner" })).name("inner");
        Ok(html! { "outer " (inner.loading(html! { "…" })) })
    };
    Ok(html! {
        body {
            (boundary(after(0, html! { "ready" })).name("ready"))
            (boundary(outer).name("outer").loading(html! { "…" }))
        }
    })
}

fn app(inspector: Inspector) -> Router {
    Router::new()
        .route("/nested", get(page(nested)))
        .route("/text", get(async || "text"))
        .layer(inspector)
}
