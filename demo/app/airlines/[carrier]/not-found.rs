//! A code that no airline has.

use anabranch::prelude::*;

use crate::app::href;

/// Says so, and leads to the list.
pub fn render() -> Markup {
    html! {
        div.top {
            h1 { "No such airline" }
            p {
                "None of the sixteen airlines that flew from New York in 2013 has this code. "
                a href=(href::airlines()) { "See them all" }
            }
        }
    }
}
