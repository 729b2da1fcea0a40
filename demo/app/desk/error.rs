//! In place of a page of the desk that could not be made.

use anabranch::prelude::*;

use crate::app::href;

/// Says that it failed, and where to read why.
pub fn render(error: &Error) -> Markup {
    html! {
        div.top {
            h1 { "The desk could not do that" }
            p {
                "Nothing was changed. The log knows why, under " code { (error.id()) } ". "
                a href=(href::desk()) { "To the desk" }
            }
        }
    }
}
