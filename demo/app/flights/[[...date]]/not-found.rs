//! A date that 2013 does not have.

use anabranch::prelude::*;

use crate::app::href;

/// Says so, and leads to the calendar.
pub fn render() -> Markup {
    html! {
        div.top {
            h1 { "No flights on that day" }
            p {
                "The data is about the days of 2013, written like " code { "2013-07-04" } ". "
                a href=(href::flights()) { "To the calendar" }
            }
        }
    }
}
