//! The frame of every page: its head, the navigation, and the footer.

use anabranch::prelude::*;

use crate::app::href;

/// The style of all pages, which stands in their head: no request stands between it and first
/// paint. The policy of the site allows it by its hash.
pub const STYLE: &str = include_str!("style.css");

/// What a page has that says nothing of itself.
pub async fn head() -> Result<Head> {
    Ok(Head::title("A year of flights from New York").meta(
        "description",
        "Every departure from New York’s three airports in 2013.",
    ))
}

/// The document.
pub async fn render(children: Children, head: PageHead, path: CurrentPath) -> Result {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                (head.await?)
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.site { (navigation(&path)) }
                main #main { (children.await?) }
                (footer())
            }
        }
    })
}

fn navigation(path: &CurrentPath) -> Markup {
    let home = href::index();
    let sections = [
        (href::airports(), "Airports"),
        (href::airlines(), "Airlines"),
        (href::flights(), "Days"),
        (href::about(), "About"),
        (href::desk(), "Desk"),
    ];
    html! {
        nav.sections aria-label="Site" {
            a.home href=(home) aria-current=[path.aria_current(&home)] {
                svg aria-hidden="true" viewBox="0 0 32 32" width="28" height="28" {
                    rect class="sign" width="32" height="32" rx="8" {}
                    path class="bars" d="M6 23h4v-6H6zm8 0h4V9h-4zm8 0h4v-9h-4z" {}
                }
                span { "NYC 2013" }
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
                "Data: "
                a href="https://github.com/tidyverse/nycflights13" { "nycflights13" }
                ", from the US Bureau of Transportation Statistics, the FAA and others, CC0."
                " Streamed by Anabranch. "
                a href=(href::about()) { "About this site" }
                "."
            }
        }
    }
}
