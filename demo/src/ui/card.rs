//! The frame of a card: it is part of the shell, its content mostly is not.

use anabranch::prelude::*;

/// A section with a heading, and a line about what it shows. `class` gives it its width in a grid.
pub(crate) fn card(id: &str, class: &str, title: &str, about: &str, content: &Markup) -> Markup {
    html! {
        section class={ "card " (class) } aria-labelledby=(id) {
            h2 id=(id) { (title) }
            p.about { (about) }
            (content)
        }
    }
}
