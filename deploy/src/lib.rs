//! The app of the files beside it: a page that streams, for seeing that it still does behind
//! whatever stands in front.

use std::time::Duration;

use anabranch::prelude::*;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

/// How many boundaries a page of `/parts/{number}` has.
pub const PARTS: u64 = 4;

/// Its routes.
pub fn app() -> Router {
    Router::new()
        .route("/", get(page(home)))
        .route("/parts/{number}", get(page(parts)))
        .route("/health", get(|| async { "ok" }))
}

async fn home() -> Result {
    Ok(document(&html! {
        h1 { "Hello" }
        (boundary(later()).loading(html! { p { "A moment…" } }))
    }))
}

async fn later() -> Result {
    wait(secs(1)).await;
    Ok(html! { p { "This was one second late." } })
}

async fn parts(Path(number): Path<u64>) -> Result {
    Ok(document(&html! {
        h1 { "Page " (number) }
        @for index in 0..PARTS {
            (boundary(part(number, index)).loading(html! { p { "…" } }))
        }
    }))
}

async fn part(number: u64, index: u64) -> Result {
    wait(millis(25 * (index + 1))).await;
    Ok(html! { p { (part_text(number, index)) } })
}

/// What a part of a page says: two thousand digits that are no other part's.
#[must_use]
pub fn part_text(number: u64, index: u64) -> String {
    let mut state = number * PARTS + index + 1;
    let digits = (0..2_000).map(|_| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        char::from(b'0' + (state >> 60).to_le_bytes()[0] % 10)
    });
    digits.collect()
}

fn document(body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Hello" } }
            body { (body) }
        }
    }
}

/// In place of a query.
async fn wait(time: Duration) {
    tokio::time::sleep(time).await;
}
