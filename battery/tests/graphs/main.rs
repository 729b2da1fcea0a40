//! Random pages, driven in random order: streaming, failures and shared futures change nothing
//! but what they should.
//!
//! A graph is generated from a seed, so every run checks the same ones. `GRAPHS_SEED` names
//! the first seed and `GRAPHS_COUNT` how many follow; a failure prints the seed and the smallest
//! graph that still fails.

mod containment;
mod coverage;
mod drive;
mod shrink;

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anabranch::prelude::{Head, boundary, html};
use anabranch_battery::graphs::graph::Graph;
use anabranch_battery::graphs::page::silence_deliberate_panics;
use anabranch_battery::graphs::{generate, judge};

use crate::coverage::Coverage;
use crate::drive::Mode;

#[test]
fn a_streamed_page_is_the_whole_page_in_any_order_and_with_any_failure() {
    let total = Mutex::new(Coverage::default());
    for_all_seeds(|seed| {
        let graph = generate::graph(seed);
        match streams_as_a_whole(&graph) {
            Ok(coverage) => total.lock().unwrap().add(&coverage),
            Err(failure) => report(graph, &failure, |graph| streams_as_a_whole(graph).map(drop)),
        }
    });
    total.into_inner().unwrap().assert_complete();
}

#[test]
fn a_failure_changes_no_byte_of_its_neighbours() {
    let checked = AtomicU64::new(0);
    for_all_seeds(|seed| {
        let Some(twins) = containment::twins(seed) else {
            return;
        };
        checked.fetch_add(1, Ordering::Relaxed);
        if let Err(failure) = shielded(|| twins.differ_only_in_the_victim()) {
            panic!(
                "GRAPHS_SEED={seed} {failure}\n\nbeside a healthy\n{}\n",
                twins.healthy
            );
        }
    });
    assert!(checked.into_inner() > count() / 2, "too few have a victim");
}

/// The documentation of `Head` promises it; the order in which boundaries are rendered is not
/// always that in which they are placed.
#[test]
fn of_several_titles_the_one_last_in_the_document_wins() {
    let page = async {
        let rendered_first = html! { (boundary(async { Ok(html! { (Head::title("last")) }) })) };
        let rendered_last = html! { (boundary(async { Ok(html! { (Head::title("first")) }) })) };
        Ok(html! { head { (Head::title("page")) } (rendered_last) (rendered_first) })
    };
    let whole = drive::whole(page);
    assert!(whole.contains("<title>last</title>"), "{whole}");
}

/// Both documents are what the model says.
fn streams_as_a_whole(graph: &Graph) -> Result<Coverage, String> {
    shielded(|| {
        let streamed = drive::run(graph, Mode::Streamed);
        let whole = drive::run(graph, Mode::Whole);
        judge(graph, streamed.as_bytes(), whole.as_bytes())?;
        Ok(Coverage::of(graph, &streamed))
    })
}

/// Checks the seeds on all processors.
fn for_all_seeds(check: impl Fn(u64) + Sync) {
    silence_deliberate_panics();
    let first = number("GRAPHS_SEED", 1);
    let next = AtomicU64::new(first);
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count() {
                        break;
                    }
                    check(seed);
                }
            });
        }
    });
}

fn count() -> u64 {
    number("GRAPHS_COUNT", 1000)
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |value| value.parse().expect("a number"))
}

fn report(graph: Graph, failure: &str, check: impl Fn(&Graph) -> Result<(), String>) {
    let seed = graph.seed;
    let (smallest, last) = shrink::shrink(graph, &check);
    panic!(
        "GRAPHS_SEED={seed} fails: {}\n\nThe smallest graph that fails so:\n{smallest}\n",
        last.as_deref().unwrap_or(failure)
    );
}

/// Takes a panic for a failure, so that it can be reported with its graph.
fn shielded<T>(check: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(check)).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned().or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        });
        Err(format!("a panic: {}", text.unwrap_or_default()))
    })
}
