//! What shows where nothing is.

use anabranch::prelude::*;

use crate::app::href;

pub fn render() -> Markup {
    html! {
        h1 { "Nothing here" }
        p { "No river runs here. " a href=(href::index()) { "Back to the start" } }
    }
}
