//! A code that no flight of the year leads to.

use anabranch::prelude::*;

use crate::app::href;

/// Says so, and leads to the search.
pub fn render() -> Markup {
    html! {
        div.top {
            h1 { "No flight goes there" }
            p {
                "No flight of 2013 connects New York with an airport of this code. Codes are three"
                " capital letters. "
                a href=(href::airports()) { "Search the airports" }
            }
        }
    }
}
