//! Makes a graph that fails smaller, as long as it fails.

use anabranch_battery::graphs::graph::{Ending, Event, Graph, Loading, Step};

/// Enough for a graph of fifty boundaries, and an end to those that fail now and then.
const MOST_CHECKS: usize = 3000;

/// The smallest graph found that still fails, and how.
pub(crate) fn shrink(
    mut graph: Graph,
    check: &impl Fn(&Graph) -> Result<(), String>,
) -> (Graph, Option<String>) {
    let mut checks = 0;
    let mut last = None;
    'smaller: loop {
        for smaller in candidates(&graph) {
            checks += 1;
            if checks > MOST_CHECKS {
                break 'smaller;
            }
            if let Err(failure) = check(&smaller) {
                graph = smaller;
                last = Some(failure);
                continue 'smaller;
            }
        }
        break;
    }
    (graph, last)
}

/// Graphs that have one thing less, the largest things first.
fn candidates(graph: &Graph) -> Vec<Graph> {
    let mut found = Vec::new();
    let mut with = |change: &dyn Fn(&mut Graph)| {
        let mut smaller = graph.clone();
        change(&mut smaller);
        found.push(smaller);
    };
    let reachable = reachable(graph);
    for &id in &reachable {
        for (at, step) in graph.components[id].steps.iter().enumerate() {
            if !matches!(step, Step::Text(text) if text.is_empty()) {
                with(&|smaller| {
                    smaller.components[id].steps.remove(at);
                });
            }
        }
    }
    for &id in &reachable {
        let component = &graph.components[id];
        if component.ending != Ending::Content {
            with(&|smaller| smaller.components[id].ending = Ending::Content);
        }
        if component.spawn || component.eager || component.loading != Loading::Nothing {
            with(&|smaller| {
                let component = &mut smaller.components[id];
                (component.spawn, component.eager) = (false, false);
                component.loading = Loading::Nothing;
            });
        }
    }
    for (at, event) in graph.events.iter().enumerate() {
        if !matches!(event, Event::Open(_)) {
            with(&|smaller| {
                smaller.events.remove(at);
            });
        }
    }
    if graph.grace {
        with(&|smaller| smaller.grace = false);
    }
    if graph.bridge_threshold < 500 {
        with(&|smaller| smaller.bridge_threshold = 500);
    }
    found
}

/// Components that are rendered, parents first.
fn reachable(graph: &Graph) -> Vec<usize> {
    let mut ids = vec![0];
    let mut next = 0;
    while let Some(&id) = ids.get(next) {
        let steps = graph.components[id].steps.iter();
        ids.extend(steps.filter_map(|step| match step {
            Step::Place(child) | Step::Stray(child) => Some(*child),
            _ => None,
        }));
        next += 1;
    }
    ids
}
