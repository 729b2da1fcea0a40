//! What shows in the place of a part that has failed.

use anabranch::prelude::*;

pub fn render(error: &Error) -> Markup {
    html! {
        p.failed role="alert" { "This part is missing. The log knows why: " code { (error.id()) } }
    }
}
