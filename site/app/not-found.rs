//! In place of a page that does not exist.

use anabranch::prelude::*;

use crate::ui::{search_form, top};

/// Says so, and offers to look for it.
pub fn render() -> Markup {
    html! {
        div.plain {
            (top("There is no such page", &html! { "Perhaps it is called something else:" }))
            (search_form("missing", ""))
        }
    }
}
