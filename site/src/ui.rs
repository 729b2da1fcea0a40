//! What several pages show: the document, articles, and their navigation.

mod article;
mod mark;

use anabranch::prelude::*;

pub(crate) use article::{article, article_head};
pub(crate) use mark::mark;

/// The style of all pages, which stands in their head: no request stands between it and first
/// paint. The policy of the site allows it by its hash.
pub(crate) const STYLE: &str = include_str!("ui/style.css");

/// An HTML document.
pub(crate) fn document(head: &Markup, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                (head)
                link rel="icon" href="/icon.svg" type="image/svg+xml";
                style { (PreEscaped(STYLE)) }
            }
            body { (body) }
        }
    }
}

/// The heading of a page, with a line about it.
pub(crate) fn top(title: &str, about: &Markup) -> Markup {
    html! {
        header.top {
            h1 elementtiming="title" { (title) }
            p { (about) }
        }
    }
}

/// The field for a search; `label` tells two of them on one page apart.
pub(crate) fn search_form(id: &str, text: &str) -> Markup {
    html! {
        search {
            form.find method="get" action=(crate::app::href::search()) {
                label.unseen for=(id) { "Search the guide" }
                input id=(id) type="search" name="q" value=(text) placeholder="Search the guide"
                    autocomplete="off" maxlength="100";
                button { "Search" }
            }
        }
    }
}
