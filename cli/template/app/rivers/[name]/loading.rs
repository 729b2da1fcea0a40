//! What shows until the page of a river is ready.

use anabranch::prelude::*;

pub fn render() -> Markup {
    html! { p.wait { "Following the river…" } }
}
