//! Ten sections, each with a boundary.

use anabranch::prelude::*;
use bench_workloads::pages::{loading, section};
use bench_workloads::schedule::SIBLINGS;

/// Ten sections, each with a boundary around what `content` gives for its number.
pub(crate) fn siblings<F>(content: impl Fn(usize) -> F) -> Markup
where
    F: Future<Output = Result> + Send + 'static,
{
    html! {
        @for i in 0..SIBLINGS {
            (section(i, boundary(content(i)).loading(loading(i))))
        }
    }
}
