//! The first page: the README of the repository, and a way to everything else.

use anabranch::prelude::*;

use crate::app::href;
use crate::guide::{Page, Part};

/// The title.
pub async fn head() -> Result<Head> {
    Ok(Head::title("Anabranch – HTML that streams out of order")
        .link("canonical", href::index().as_ref()))
}

/// The README, with its beginning as a title page.
pub async fn render() -> Result {
    let page = Page::at("/").or_not_found()?;
    let mut parts = page.parts.iter();
    let lead = parts.next().map_or("", |part| part.html);
    // What it is stands before the first block of code.
    let (about, code) = lead.split_once("<figure").unwrap_or((lead, ""));
    Ok(html! {
        div.front.prose {
            div.hero {
                div.says {
                    h1 elementtiming="title" { "Pages that fill in as their data arrives" }
                    (PreEscaped(about))
                    p.calls {
                        a.call href=(href::guide::chapter("first-page")) { "First page" }
                        a.call.quiet href=(href::watch()) { "Watch it stream" }
                    }
                }
                div.code-side {
                    @if !code.is_empty() { (PreEscaped("<figure")) (PreEscaped(code)) }
                }
            }
            @for Part { id, html } in parts {
                section class={ "part " (id) } { (PreEscaped(*html)) }
            }
        }
        script src="/copy.js" defer {}
    })
}
