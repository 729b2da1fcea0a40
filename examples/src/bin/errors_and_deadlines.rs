//! What fails, and where it shows: an error, a panic and a deadline each stay in their own place,
//! and what is not there is a real 404.

use anabranch::prelude::*;
use axum::extract::Path;
use axum::{Router, routing::get};
use examples::document;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new()
        .route("/", get(page(home)))
        .route("/airports/{code}", get(page(airport)));
    examples::serve(app).await
}

async fn home() -> Result {
    let loading = || html! { p aria-busy="true" { "…" } };
    let sorry = |error: &Error| html! { p role="alert" { "Not today (error " (error.id()) ")." } };
    Ok(document(
        "Errors",
        &html! {
            (boundary(broken()).loading(loading).error(sorry))
            (boundary(panics()).loading(loading).error(sorry))
            (boundary(slow()).loading(loading).deadline(millis(500)).error(|error| html! {
                p role="alert" { @if error.is_timeout() { "The weather service is slow today." } }
            }))
            (boundary(healthy()).loading(loading))
        },
    ))
}

/// The log has the cause, the page has its id.
async fn broken() -> Result {
    tokio::time::sleep(millis(100)).await;
    Err(std::io::Error::other("the disk is full").into())
}

async fn panics() -> Result {
    tokio::time::sleep(millis(200)).await;
    panic!("a mistake in this component");
}

async fn slow() -> Result {
    std::future::pending().await
}

async fn healthy() -> Result {
    tokio::time::sleep(millis(300)).await;
    Ok(html! { p { "All is well here." } })
}

/// Before the first byte, an error is a status.
async fn airport(Path(code): Path<String>) -> Result {
    let name = (code == "JFK")
        .then_some("John F. Kennedy")
        .or_not_found()?;
    Ok(document(name, &html! { p { (code) } }))
}
