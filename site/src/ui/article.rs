//! A page that was made of Markdown, between the list of all pages and its own contents.
//!
//! Both lists are popovers. On a wide screen the style shows them beside the text, on a narrow one
//! a button opens them, without a script.

use anabranch::prelude::*;

use crate::guide::{Page, Part};

/// Title, description and address.
pub(crate) fn article_head(page: &Page) -> Head {
    let head = Head::title(format!("{} – Anabranch", page.title)).link("canonical", page.url);
    if page.about.is_empty() {
        return head;
    }
    head.meta("description", &format!("{}: {}.", page.title, page.about))
}

/// The page; `extra` stands behind its text.
pub(crate) fn article(page: &'static Page, extra: &Markup) -> Markup {
    let has_contents = page.headings.len() > 1;
    html! {
        div.reader {
            div.bar {
                button type="button" popovertarget="pages" { "All chapters" }
                @if has_contents {
                    button type="button" popovertarget="contents" { "On this page" }
                }
            }
            nav #pages .side popover aria-label="All chapters" { (pages(page)) }
            article.prose {
                header.top {
                    h1 elementtiming="title" { (page.title) }
                    @if !page.about.is_empty() { p { (capital(page.about)) "." } }
                }
                @for Part { html, .. } in page.parts { (PreEscaped(*html)) }
                (extra)
                (foot(page))
            }
            @if has_contents {
                nav #contents .side popover aria-label="On this page" { (contents(page)) }
            }
        }
        script src="/copy.js" defer {}
    }
}

fn pages(current: &Page) -> Markup {
    html! {
        @for (group, pages) in Page::groups() {
            p.group { (group) }
            ul {
                @for page in pages {
                    li {
                        a href=(page.url) aria-current=[(page.url == current.url).then_some("page")] {
                            (page.title)
                        }
                    }
                }
            }
        }
    }
}

fn contents(page: &Page) -> Markup {
    html! {
        p.group { "On this page" }
        ul {
            @for heading in page.headings {
                li class={ "level-" (heading.level) } { a href={ "#" (heading.id) } { (heading.title) } }
            }
        }
    }
}

fn foot(page: &Page) -> Markup {
    let (before, after) = page.neighbours();
    html! {
        p.source {
            "This page is " code { (page.file) } " of the repository. "
            a href=(page.markdown_url()) { "As Markdown" }
        }
        @if before.is_some() || after.is_some() {
            nav.turn aria-label="Next and previous chapter" {
                @if let Some(page) = before {
                    a.before rel="prev" href=(page.url) { small { "Previous" } (page.title) }
                }
                @if let Some(page) = after {
                    a.after rel="next" href=(page.url) { small { "Next" } (page.title) }
                }
            }
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
