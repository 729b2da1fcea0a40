//! One query, three boundaries: the query runs once, and each boundary goes on from it.

use std::sync::atomic::{AtomicU32, Ordering};

use anabranch::prelude::*;
use axum::{Router, routing::get};
use examples::document;

static QUERIES: AtomicU32 = AtomicU32::new(0);

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/", get(page(home)));
    examples::serve(app).await
}

async fn home() -> Result {
    let delays = share(delays());
    let adding = || html! { p aria-busy="true" { "Adding up…" } };
    Ok(document(
        "Delays",
        &html! {
            (boundary(longest(delays.clone())).loading(adding))
            (boundary(mean(delays.clone())).loading(adding))
            (boundary(advice(delays)).loading(adding))
        },
    ))
}

async fn delays() -> Result<Vec<u32>> {
    QUERIES.fetch_add(1, Ordering::Relaxed);
    tokio::time::sleep(millis(700)).await;
    Ok(vec![5, 12, 3, 44])
}

async fn longest(delays: Shared<Vec<u32>>) -> Result {
    let delays = delays.await?; // an Arc of what the query gave
    Ok(html! { p { "Longest: " (delays.iter().max().unwrap_or(&0)) " min" } })
}

async fn mean(delays: Shared<Vec<u32>>) -> Result {
    let delays = delays.await?;
    let sum: u32 = delays.iter().sum();
    Ok(html! { p { "Mean: " (sum as usize / delays.len().max(1)) " min" } })
}

/// Waits for the same query and then for something of its own: an edge in the page's graph.
async fn advice(delays: Shared<Vec<u32>>) -> Result {
    let delays = delays.await?;
    tokio::time::sleep(millis(300)).await;
    let advice = if delays.iter().any(|delay| *delay > 30) {
        "take the train"
    } else {
        "fly"
    };
    Ok(
        html! { p { "Advice: " (advice) " (" (QUERIES.load(Ordering::Relaxed)) " queries so far)" } },
    )
}
