//! One page with one slow part, in an axum app that has other routes too.
//!
//! `curl -N http://127.0.0.1:3000` shows the shell at once and the visits a second later.

use anabranch::prelude::*;
use axum::{Router, routing::get};
use examples::document;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/", get(page(home)))
        .route("/health", get(|| async { "ok" }));
    examples::serve(app).await
}

async fn home() -> Result {
    Ok(document(
        "Today",
        &html! { (boundary(visits()).loading(html! { p aria-busy="true" { "Counting…" } })) },
    ))
}

async fn visits() -> Result {
    tokio::time::sleep(secs(1)).await; // a query, a call to another service
    Ok(html! { p { "1,024 visits" } })
}
