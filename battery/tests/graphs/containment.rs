//! One page twice: once healthy, once with a single boundary that fails.

use crate::drive::{self, Mode};
use anabranch_battery::graphs::generate;
use anabranch_battery::graphs::graph::{Ending, Event, Failure, Graph, Id, Step};
use anabranch_battery::graphs::model;
use anabranch_battery::random::Random;

/// Two graphs that are the same up to the end of one component.
pub(crate) struct Twins {
    pub(crate) healthy: Graph,
    failing: Graph,
    victim: Id,
    failure: Failure,
}

/// The twins of a seed, if its graph has a boundary to fail.
pub(crate) fn twins(seed: u64) -> Option<Twins> {
    let mut random = Random::new(!seed);
    let mut healthy = all_healthy(generate::graph(seed));
    let boundaries = healthy.placed();
    let victim = match boundaries.len() {
        1 => return None,
        count => boundaries[1 + random.below(count - 1)].0,
    };
    let failure = *random.pick(&[Failure::Error, Failure::Panic, Failure::Timeout]);
    prepare(&mut healthy, victim, &mut random);
    let mut failing = healthy.clone();
    if failure == Failure::Timeout {
        // The twin that misses its deadline fails at the moment at which the other is complete.
        healthy.components[victim].steps.push(Step::Sleep(DEADLINE));
        failing.components[victim].deadline = Some(DEADLINE);
    }
    failing.components[victim].ending = Ending::Fails(failure);
    Some(Twins {
        healthy,
        failing,
        victim,
        failure,
    })
}

/// In seconds. Longer than any component sleeps, and not a time at which a sign of life is due.
const DEADLINE: u64 = 32;

/// The graph without failures, and without time that passes between other events.
fn all_healthy(mut graph: Graph) -> Graph {
    for component in &mut graph.components {
        component.ending = Ending::Content;
        component.deadline = None;
    }
    for work in &mut graph.shared {
        work.ending = Ending::Content;
    }
    graph
        .events
        .retain(|event| !matches!(event, Event::Tick(_)));
    graph
}

/// Cuts the victim's steps somewhere, without its boundaries and its head, which would fail with
/// it, and without sleep, which would move its end past its deadline.
fn prepare(graph: &mut Graph, victim: Id, random: &mut Random) {
    let component = &mut graph.components[victim];
    component.has_error_view = true;
    component.steps.retain(|step| {
        matches!(
            step,
            Step::Text(_) | Step::Wait(_) | Step::Await(_) | Step::Touch(_)
        )
    });
    let cut = random.below(component.steps.len() + 1);
    component.steps.truncate(cut);
    let unique = Step::Text("the only one of its kind".to_owned());
    component.steps.insert(0, unique);
}

impl Twins {
    /// Checks that the streams are the same but for the victim's content and its error view.
    pub(crate) fn differ_only_in_the_victim(&self) -> Result<(), String> {
        let healthy = drive::run(&self.healthy, Mode::Streamed);
        let failing = without_padding(drive::run(&self.failing, Mode::Streamed));
        let content = model::content_of(&self.healthy, self.victim);
        let context = self.healthy.components[self.victim].context;
        if healthy.matches(&content).count() != 1 {
            return Err(format!("{content} is not once in\n{healthy}"));
        }
        let expected = healthy.replace(&content, &context.error(self.failure).0);
        if failing == without_padding(expected.clone()) {
            return Ok(());
        }
        Err(format!(
            "{:?} of #{} changed more than its place\n--- expected\n{expected}\n--- found\n{failing}",
            self.failure, self.victim
        ))
    }
}

/// A page without what fills up a short first flush, which depends on the flush's length.
fn without_padding(page: String) -> String {
    let Some((before, rest)) = page.split_once("<!-- ") else {
        return page;
    };
    match rest.split_once("-->") {
        Some((spaces, after)) if spaces.trim().is_empty() => format!("{before}{after}"),
        _ => page,
    }
}
