//! Shutdown.

mod deadline;
mod drained;
mod signals;

use std::convert::Infallible;

use anabranch::prelude::{Error, Result, boundary, html, page, secs};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::routing::get;
use futures_util::{StreamExt as _, stream};

use crate::Row;
use crate::apps::App;
use crate::control::Control;
use crate::page::document;

/// The rows of this part.
pub const ROWS: &[Row] = &[
    Row {
        id: "G1",
        what: "SIGTERM with 100 streams that still need a while",
        run: |form| Box::pin(drained::run(form)),
    },
    Row {
        id: "G2",
        what: "SIGTERM with streams of which some never finish",
        run: |form| Box::pin(deadline::run(form)),
    },
    Row {
        id: "G3",
        what: "SIGTERM twice, SIGINT, SIGTERM while connections come",
        run: |form| Box::pin(signals::run(form)),
    },
];

/// What their child processes serve.
pub const APPS: &[App] = &[App {
    name: "shutdown",
    build: app,
}];

/// Pages that wait for a gate, a body that never ends, and something quick.
fn app(control: Control) -> Router {
    Router::new()
        .route("/page/{gate}", get(page(waiting)))
        .route("/endless", get(endless))
        .route("/quick", get(quick))
        .with_state(control)
}

async fn waiting(Path(gate): Path<String>, State(control): State<Control>) -> Result {
    let content = async move {
        control.gates.wait(&gate).await;
        Ok(html! { p { "content" } })
    };
    let content = boundary(content)
        .deadline(secs(600))
        .error(|error: &Error| {
            html! { p { @if error.is_timeout() { "timed out" } @else { "failed" } } }
        });
    Ok(document(html! { p { "shell" } (content) }))
}

async fn endless() -> Body {
    let first = stream::once(async { Ok::<_, Infallible>(Bytes::from_static(b"first")) });
    Body::from_stream(first.chain(stream::pending()))
}

async fn quick(State(control): State<Control>) -> &'static str {
    control.counter("handled").add(1);
    tokio::task::yield_now().await;
    "quick"
}
