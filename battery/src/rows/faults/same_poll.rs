//! F6: what fails takes nothing along of what is ready in the same poll.

use std::sync::Arc;

use anabranch::prelude::{Error, Result, boundary, html, not_found, page};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use tokio::sync::Notify;

use crate::client::Client;
use crate::local::Local;
use crate::page::{assembled, document};
use crate::{Form, Outcome, check};

const KINDS: [&str; 3] = ["error", "not-found", "timeout"];

/// What the boundary that resolves has: too much for one packet.
const WORDS: usize = 20_000;

async fn both(Path((kind, first)): Path<(String, String)>) -> Result {
    // Whoever comes first lets the other go on, so that both are through in the same turn.
    let handshake = Arc::new(Notify::new());
    let passed = handshake.clone();
    let resolves = async move {
        tokio::task::yield_now().await;
        passed.notify_one();
        Ok(html! { p { @for word in 0..WORDS { (word) " " } "end of it" } })
    };
    let fails = async move {
        handshake.notified().await;
        Err(match kind.as_str() {
            "not-found" => not_found(),
            "timeout" => Error::timeout(),
            _ => Error::msg("fails"),
        })
    };
    let resolves = boundary(resolves);
    let fails = boundary(fails).error(|_: &Error| html! { p { "error view" } });
    Ok(document(html! {
        @if first == "resolves" { (resolves) (fails) } @else { (fails) (resolves) }
        p { "shell" }
    }))
}

pub(super) async fn run(form: Form) -> Outcome {
    let rounds = form.pick(5, 50);
    let local = Local::start(Router::new().route("/{kind}/{first}", get(page(both)))).await?;
    let mut pages = 0;
    for kind in KINDS {
        for first in ["resolves", "fails"] {
            for _ in 0..rounds {
                let path = format!("/{kind}/{first}");
                let reply = Client::ask(local.address, &path).await?.expect(200)?;
                let page = assembled(&reply.body)?;
                let whole = page.contains("19998 19999 end of it");
                check!(whole, "{path}: what resolved is not whole");
                let view = page.contains("error view");
                check!(view, "{path}: no error view: {}", reply.text());
                pages += 1;
            }
        }
    }
    Ok(format!(
        "{pages} pages: whole content and error view in each"
    ))
}
