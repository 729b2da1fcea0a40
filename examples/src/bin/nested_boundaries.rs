//! Boundaries in boundaries: a list shows when it is there, each row's details when they are.

use anabranch::prelude::*;
use axum::{Router, routing::get};
use examples::document;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/", get(page(home)));
    examples::serve(app).await
}

async fn home() -> Result {
    let list =
        boundary(airports()).loading(html! { p aria-busy="true" { "Asking for airports…" } });
    Ok(document("Airports", &html! { (list) }))
}

async fn airports() -> Result {
    tokio::time::sleep(millis(400)).await;
    // The loading views of the rows arrive with the table, which is the patch of this boundary.
    Ok(html! {
        table { tbody {
            @for (code, wait) in [("EWR", 900), ("JFK", 300), ("LGA", 600)] {
                tr {
                    th { (code) }
                    (boundary(weather(code, wait)).loading(html! { td aria-busy="true" { "…" } }))
                }
            }
        } }
    })
}

/// Rows fill in as they are ready: JFK, LGA, EWR.
async fn weather(code: &'static str, wait: u64) -> Result {
    tokio::time::sleep(millis(wait)).await;
    Ok(html! { td { "Fair over " (code) } })
}
