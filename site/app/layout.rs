//! The frame of every page: its head, the navigation, and the footer.

use anabranch::prelude::*;

use crate::app::href;
use crate::ui::{document, mark};

/// What a page has that says nothing of itself.
pub async fn head() -> Result<Head> {
    Ok(Head::title("Anabranch").meta(
        "description",
        "HTML streamed out of order from axum and maud: the guide.",
    ))
}

/// The document.
pub async fn render(children: Children, head: PageHead, path: CurrentPath) -> Result {
    let body = html! {
        a.skip href="#main" { "Skip to the content" }
        header.site { (navigation(&path)) }
        main #main { (children.await?) }
        (footer())
    };
    Ok(document(&html! { (head.await?) }, &body))
}

fn navigation(path: &CurrentPath) -> Markup {
    let home = href::index();
    let sections = [
        (href::guide(), "Guide"),
        (href::watch(), "Watch it stream"),
        (href::benchmarks(), "Benchmarks"),
        (href::search(), "Search"),
    ];
    html! {
        nav.sections aria-label="Site" {
            a.home href=(home) aria-current=[path.aria_current(&home)] {
                (mark())
                span { "Anabranch" }
            }
            ul {
                @for (href, name) in &sections {
                    li { a href=(href) aria-current=[path.aria_current(href)] { (name) } }
                }
            }
        }
    }
}

fn footer() -> Markup {
    html! {
        footer.foot {
            p {
                "This site is an Anabranch app itself. For machines: "
                a href=(href::llms_txt()) { "llms.txt" } ", and every page as Markdown with "
                code { ".md" } " behind its address."
            }
        }
    }
}
