//! In place of a page that does not exist.

use anabranch::prelude::*;

use crate::app::href;

/// Says so, and offers what does exist.
pub fn render() -> Markup {
    html! {
        div.top {
            h1 { "Nothing departs from here" }
            p {
                "There is no such page. Perhaps you are looking for "
                a href=(href::airports()) { "an airport" } ", "
                a href=(href::airlines()) { "an airline" } " or "
                a href=(href::flights()) { "a day of 2013" } "? "
                a href=(href::index()) { "To the year of all three airports" }
            }
        }
    }
}
