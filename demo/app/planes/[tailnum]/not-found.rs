//! A registration that was not seen.

use anabranch::prelude::*;

use crate::app::href;

/// Says so, and leads to where planes are listed.
pub fn render() -> Markup {
    html! {
        div.top {
            h1 { "This plane was not seen" }
            p {
                "No plane with this registration left New York in 2013. "
                a href=(href::airlines()) { "The airlines" } " and "
                a href=(href::flights()) { "the days" } " list those that did."
            }
        }
    }
}
