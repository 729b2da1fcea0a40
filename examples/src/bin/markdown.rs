//! Markdown that strangers wrote, in a page that stays whole whatever they wrote.

use anabranch::prelude::*;
use anabranch::{Fragment, fragment};
use axum::{Router, routing::get};
use examples::document;
use pulldown_cmark::{Parser, html::push_html};

const COMMENTS: [&str; 3] = [
    "**Nice** trip, see [the photos](https://example.com).",
    "Watch this: <script>alert('gotcha')</script> <img src=x onerror=alert(1)>",
    "I closed your boundary: </template></main></body> <!-- and the rest of the page",
];

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/", get(page(home)));
    examples::serve(app).await
}

async fn home() -> Result {
    Ok(document(
        "Comments",
        &html! {
            @for comment in COMMENTS {
                (boundary(show(comment)).loading(html! { article aria-busy="true" { "…" } }))
            }
            footer { "Three comments." }
        },
    ))
}

async fn show(comment: &'static str) -> Result {
    tokio::time::sleep(millis(300)).await;
    Ok(html! { article { (markdown(comment)) } })
}

fn markdown(text: &str) -> Fragment {
    let mut html = String::new();
    push_html(&mut html, Parser::new(text));
    fragment(html).sanitized()
}
