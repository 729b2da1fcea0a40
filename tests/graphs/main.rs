//! Random pages, driven in random order: streaming, failures and shared futures change nothing
//! but what they should.
//!
//! A graph is generated from a seed, so every run checks the same ones. `GRAPHS_SEED` names
//! the first seed and `GRAPHS_COUNT` how many follow; a failure prints the seed and the smallest
//! graph that still fails.

mod compare;
mod containment;
mod coverage;
mod drive;
mod generate;
mod graph;
mod html;
mod model;
mod page;
mod random;
mod shrink;

use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anabranch::prelude::{Head, boundary, html};
use anabranch_paint::dom;

use crate::coverage::Coverage;
use crate::drive::Mode;
use crate::graph::Graph;

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

/// The stream keeps every rule of the wire, its document is that of whole mode, and both are
/// what the model says.
fn streams_as_a_whole(graph: &Graph) -> Result<Coverage, String> {
    shielded(|| {
        let streamed = drive::run(graph, Mode::Streamed);
        compare::wire(&streamed)?;
        let assembled = dom::assemble(streamed.as_bytes())
            .map_err(|violation| format!("{violation}, in\n{streamed}"))?;
        let whole = drive::run(graph, Mode::Whole);
        let whole_dom = dom::whole(whole.as_bytes()).map_err(|error| error.to_string())?;
        let model = dom::whole(model::page(graph).as_bytes()).map_err(|e| e.to_string())?;
        compare::documents(("the model", &model), ("the whole page", &whole_dom))?;
        compare::documents(
            ("the model", &model),
            ("the assembled stream", assembled.html()),
        )?;
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

/// The panics of the components under test are part of the plan: they are not printed.
fn silence_deliberate_panics() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        let default = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if info.payload().downcast_ref::<&str>() != Some(&page::ON_PURPOSE) {
                default(info);
            }
        }));
    });
}
