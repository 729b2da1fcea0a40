//! A search in the guide. Form and heading are there at once; what is found follows in the same
//! response.

use anabranch::prelude::*;
use axum::extract::RawQuery;
use tokio::task::spawn_blocking;

use crate::app::href;
use crate::search::{Hit, Query, search, snippet};
use crate::ui::{search_form, top};

/// A search is a page of its own, but none for search engines.
pub async fn head(RawQuery(query): RawQuery) -> Result<Head> {
    let query = Query::of_request(query.as_deref().unwrap_or_default());
    Ok(match query.text() {
        "" => Head::title("Search – Anabranch").link("canonical", href::search().as_ref()),
        text => Head::title(format!("{text} – Search – Anabranch")).meta("robots", "noindex"),
    })
}

/// The form, and what it finds.
pub async fn render(RawQuery(query): RawQuery) -> Result {
    let query = Query::of_request(query.as_deref().unwrap_or_default());
    let form = search_form("q", query.text());
    let found = boundary(found(query.clone()))
        .name("found")
        .loading(|| html! { p.status { "Searching…" } })
        .error(|error| html! {
            p.status data-error=(error.id()) { "The search has failed. The log knows more, under " code { (error.id()) } "." }
        });
    Ok(html! {
        div.plain {
            (top("Search", &html! { "Every section of the guide, and of the project’s own pages." }))
            (form)
            div.hits aria-live="polite" {
                @if query.is_empty() {
                    p.status { "Try " (example("boundary")) ", " (example("csp nonce")) " or " (example("nginx buffering")) "." }
                } @else {
                    (found)
                }
            }
        }
    })
}

fn example(text: &str) -> Markup {
    html! { a href=(href::search().query("q", text)) { (text) } }
}

async fn found(query: Query) -> Result {
    // It looks at every word of the guide, so it holds up nobody's shell.
    let wanted = query.clone();
    let hits = spawn_blocking(move || search(&wanted)).await?;
    Ok(html! {
        @if hits.is_empty() {
            p.status { "Nothing has “" (query.text()) "” in it. Try fewer or shorter words, or see " a href=(href::guide()) { "all chapters" } "." }
        } @else {
            p.status {
                @if hits.len() == 1 { "One section" } @else { (hits.len()) " sections" }
                " for “" (query.text()) "”"
            }
            ol { @for hit in &hits { (shown(hit)) } }
        }
    })
}

fn shown(hit: &Hit) -> Markup {
    html! {
        li {
            a href=(hit.url()) {
                span.page { (hit.page.title) }
                @if !hit.section.title.is_empty() { strong { (hit.section.title) } }
            }
            p {
                @for piece in snippet(hit.section.text, &hit.terms) {
                    @if piece.is_found { mark { (piece.text) } } @else { (piece.text) }
                }
            }
        }
    }
}
