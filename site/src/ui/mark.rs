//! The sign of the site: an arm that leaves a stream and rejoins it.

use anabranch::prelude::*;

/// The sign, as a picture beside the name.
pub(crate) fn mark() -> Markup {
    html! {
        svg.mark aria-hidden="true" viewBox="0 0 32 32" width="28" height="28" {
            rect width="32" height="32" rx="8" {}
            path d="M4 20h24" {}
            path d="M7 20c5 0 3.5-10 9-10s4 10 9 10" {}
        }
    }
}
