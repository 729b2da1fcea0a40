//! A page, a flight or a note that the desk does not have.

use anabranch::prelude::*;

use crate::app::href;

/// Says so, and leads back.
pub fn render() -> Markup {
    html! {
        div.top {
            h1 { "The desk has no such page" }
            p { "Perhaps the note was deleted. " a href=(href::desk()) { "To the desk" } }
        }
    }
}
