//! Loading and error views. Each takes exactly the room of the content it stands for.

use anabranch::prelude::*;

/// A boundary whose content is a block; `class` gives each of its views the same height.
pub(crate) fn block(part: Boundary, class: &'static str, what: &'static str) -> Boundary {
    part.loading(move || loading_block(class, what))
        .error(move |error| failed_block(class, error))
}

/// A boundary whose content is up to `count` rows of a table, with the cells' classes.
pub(crate) fn rows(
    part: Boundary,
    count: u8,
    cells: &'static [&'static str],
    what: &'static str,
) -> Boundary {
    part.loading(move || loading_rows(count, cells, what))
        .error(move |error| failed_rows(count, cells.len(), error))
}

/// A block in the place of another; `class` gives it the height.
pub(crate) fn loading_block(class: &str, what: &str) -> Markup {
    html! {
        div class={ (class) " bone" } aria-busy="true" {
            span.unseen { "Loading " (what) "…" }
        }
    }
}

/// Rows in the place of other rows.
pub(crate) fn loading_rows(count: u8, cells: &[&str], what: &str) -> Markup {
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
pub(crate) fn failed_block(class: &str, error: &Error) -> Markup {
    html! {
        div class={ (class) " failed" } data-error=(error.id()) { p { (sorry(error)) } }
    }
}

/// The same as a row that is as high as `rows` of them.
fn failed_rows(rows: u8, columns: usize, error: &Error) -> Markup {
    html! {
        tr { td class={ "rows-" (rows) } colspan=(columns) data-error=(error.id()) { (sorry(error)) } }
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
