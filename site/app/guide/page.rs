//! All chapters, in the order in which they are read.

use anabranch::prelude::*;

use crate::app::href;
use crate::guide::Page;
use crate::ui::{search_form, top};

/// The title.
pub async fn head() -> Result<Head> {
    Ok(Head::title("The guide – Anabranch")
        .link("canonical", href::guide().as_ref())
        .meta("description", "All chapters of the guide to Anabranch."))
}

/// The lists.
pub async fn render() -> Result {
    Ok(html! {
        div.plain {
            (top("The guide", &html! { "Its code compiles, its numbers were measured." }))
            (search_form("guide-search", ""))
            @for (number, (group, pages)) in Page::groups().into_iter().enumerate() {
                section aria-labelledby={ "group-" (number) } {
                    h2 id={ "group-" (number) } { (group) }
                    ol.chapters {
                        @for page in pages {
                            li { a href=(page.url) { strong { (page.title) } span { (page.about) } } }
                        }
                    }
                }
            }
        }
    })
}
