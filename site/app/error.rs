//! In place of a page that could not be made.

use anabranch::prelude::*;

use crate::app::href;
use crate::ui::top;

/// Says that it failed, and where to read why.
pub fn render(error: &Error) -> Markup {
    html! {
        div.plain {
            (top("This page could not be made", &html! {
                @if error.is_timeout() { "It took too long. " }
                "The log knows why, under " code { (error.id()) } ". "
                a href=(href::index()) { "To the first page" }
            }))
        }
    }
}
