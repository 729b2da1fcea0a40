//! What the pages under test are made of.

use anabranch::prelude::*;
use anabranch_paint::Gates;

/// A document around `body`, with nothing in its head.
pub(crate) fn document(body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Test" } }
            body { (body) }
        }
    }
}

/// Text whose paint the browser reports under `name`.
pub(crate) fn mark(name: &str) -> Markup {
    html! { p elementtiming=(name) { (name) } }
}

/// The loading view of `name`.
pub(crate) fn loading(name: &str) -> Markup {
    html! { p elementtiming={ "loading " (name) } { "Loading " (name) } }
}

/// A boundary with the loading view of that name, and the mark once the gate of that name is open.
pub(crate) fn late_mark(gates: &Gates, name: &'static str) -> Boundary {
    late(gates, name, move || mark(name))
}

/// A boundary with the loading view of that name, and what `view` gives once the gate of that name
/// is open.
pub(crate) fn late<V>(gates: &Gates, name: &'static str, view: V) -> Boundary
where
    V: FnOnce() -> Markup + Send + 'static,
{
    boundary(after(gates, name, view)).loading(loading(name))
}

/// What `view` gives, once the gate is open.
pub(crate) fn after<V>(
    gates: &Gates,
    gate: &'static str,
    view: V,
) -> impl Future<Output = Result> + Send + use<V>
where
    V: FnOnce() -> Markup + Send + 'static,
{
    let gates = gates.clone();
    async move {
        gates.wait(gate).await;
        Ok(view())
    }
}
