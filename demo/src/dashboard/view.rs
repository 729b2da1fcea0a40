//! Loading and error views. Each takes exactly the room of the content it stands for.

use anabranch::prelude::*;

/// A block in the place of a chart; `class` gives it the chart's height.
pub(super) fn loading_block(class: &str, what: &str) -> Markup {
    html! {
        div class={ (class) " bone" } aria-busy="true" {
            span.unseen { "Loading " (what) "…" }
        }
    }
}

/// Rows in the place of other rows, with the cells' classes.
pub(super) fn loading_rows(count: usize, cells: &[&str], what: &str) -> Markup {
    html! {
        @for row in 0..count {
            tr aria-busy="true" {
                @for (column, class) in cells.iter().enumerate() {
                    td class=(class) {
                        @if row == 0 && column == 0 { span.unseen { "Loading " (what) "…" } }
                        span.bone {}
                    }
                }
            }
        }
    }
}

/// Says that a part failed, without saying why: that is in the log, under the same id.
pub(super) fn failed_block(class: &str, error: &Error) -> Markup {
    html! {
        div class={ (class) " failed" } { p { (sorry(error)) } }
    }
}

/// The same as a row that is as high as `rows` of them.
pub(super) fn failed_rows(rows: usize, error: &Error) -> Markup {
    html! {
        tr { td class={ "rows-" (rows) } colspan="3" { (sorry(error)) } }
    }
}

fn sorry(error: &Error) -> Markup {
    let what = if error.is_timeout() {
        "This took too long."
    } else {
        "This could not be loaded."
    };
    html! { strong { (what) } " The log knows more, under " code { (error.id()) } "." }
}
