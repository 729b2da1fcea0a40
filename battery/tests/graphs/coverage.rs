//! What the random graphs have covered: a property that is never put to the test proves nothing.

use std::collections::HashMap;

use anabranch_battery::graphs::graph::{Ending, Failure, Graph, Step};
use anabranch_battery::graphs::html::Context;

/// How often each feature was in a graph, by name.
#[derive(Default)]
pub(crate) struct Coverage(HashMap<String, usize>);

impl Coverage {
    pub(crate) fn of(graph: &Graph, streamed: &str) -> Self {
        let mut coverage = Self::default();
        let components = &graph.components;
        let steps = || components.iter().flat_map(|component| &component.steps);
        let has = |wanted: fn(&Step) -> bool| steps().any(wanted);
        let depth = graph.placed().into_iter().map(|(_, depth)| depth).max();
        for (name, found) in [
            ("six deep", depth == Some(6)),
            ("fifty boundaries", components.len() == 51),
            ("streamed", streamed.contains("<template for=")),
            (
                "swapped by the bridge",
                streamed.contains("<template data-for="),
            ),
            (
                "sign of life",
                streamed.contains("</script><script>self.$a"),
            ),
            ("late title", streamed.contains("<template for=\"title\">")),
            ("late tags", streamed.contains("<template for=\"head\"><")),
            ("not placed", has(|step| matches!(step, Step::Stray(_)))),
            ("first poller", has(|step| matches!(step, Step::Touch(_)))),
            ("spawned", components.iter().any(|c| c.spawn)),
            ("grace", graph.grace),
            ("without a head", !graph.has_head),
            (
                "shared work needs shared work",
                graph.shared.iter().any(|s| s.needs.is_some()),
            ),
        ] {
            coverage.count(name, found);
        }
        for (id, _) in graph.placed() {
            let component = &components[id];
            coverage.count(place(component.context), id > 0);
            let awaits = component.steps.iter();
            let awaits = awaits.filter(|step| matches!(step, Step::Await(_))).count() > 0;
            if let Ending::Fails(failure) = graph.outcome(id) {
                let shared = awaits && component.ending == Ending::Content;
                let by = if shared { "shared work" } else { "its own" };
                coverage.count(fails(failure, by), true);
            }
        }
        coverage
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (name, count) in &other.0 {
            *self.0.entry(name.clone()).or_default() += count;
        }
    }

    /// # Panics
    /// If a feature was in too few graphs. A handful of graphs need not have them all.
    pub(crate) fn assert_complete(&self) {
        if super::count() < 500 {
            return;
        }
        let mut places = Context::ALL.map(place).to_vec();
        for failure in [
            Failure::Error,
            Failure::Panic,
            Failure::NotFound,
            Failure::Redirect,
            Failure::Timeout,
        ] {
            places.push(fails(failure, "its own"));
            places.push(fails(failure, "shared work"));
        }
        let counts = &self.0;
        let missing = places.iter().filter(|name| !counts.contains_key(*name));
        assert_eq!(missing.count(), 0, "{counts:#?}");
        assert!(counts.values().all(|count| *count >= 10), "{counts:#?}");
    }

    fn count(&mut self, name: impl Into<String>, found: bool) {
        *self.0.entry(name.into()).or_default() += usize::from(found);
    }
}

fn place(context: Context) -> String {
    format!("in {context:?}")
}

fn fails(failure: Failure, by: &str) -> String {
    format!("{failure:?} of {by}")
}
