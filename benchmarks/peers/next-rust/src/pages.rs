//! What the workloads share.

use bench_workloads::{pages::ITEMS, schedule::SIBLINGS};
use next_rust::prelude::*;

/// The body of the page of `title` around `content`.
pub fn page(title: &str, content: impl View) -> Node {
    fragment_of([
        header![h1![format!("Bench {title}")]].into_node(),
        nav![
            a![href("/w1"), "w1"],
            a![href("/w2"), "w2"],
            a![href("/w3"), "w3"],
            a![href("/w4"), "w4"],
            a![href("/w5"), "w5"],
            a![href("/w6"), "w6"],
            a![href("/w7"), "w7"],
        ]
        .into_node(),
        main![content].into_node(),
    ])
}

/// Ten sections, each with a boundary around what `content` gives for its number.
pub fn siblings<F>(content: impl Fn(usize) -> F) -> Node
where
    F: Future<Output = Node> + Send + 'static,
{
    fragment_of((0..SIBLINGS).map(|i| {
        section![
            h2![format!("Section {i}")],
            suspense(loading(i), content(i))
        ]
    }))
}

pub fn list() -> Node {
    let items = ITEMS
        .iter()
        .map(|item| li![b![item.title.as_str()], span![item.text.as_str()]]);
    ul![fragment_of(items)].into_node()
}

pub fn loading(i: usize) -> Node {
    p![format!("Loading {i}")].into_node()
}
