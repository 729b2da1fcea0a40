//! In place of a page that could not be made.

use anabranch::prelude::*;

use crate::app::href;

/// Says that it failed, and where to read why.
pub fn render(error: &Error) -> Markup {
    html! {
        div.top {
            h1 { "This page could not be made" }
            p {
                @if error.is_timeout() { "It took too long. " }
                "The log knows why, under " code { (error.id()) } ". "
                a href=(href::index()) { "To the year of all three airports" }
            }
        }
    }
}
