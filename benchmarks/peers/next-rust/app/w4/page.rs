//! Workload w4.

use next_rust::prelude::*;

use crate::pages::{list, loading, page};
use bench_workloads::schedule::{LEVELS, yields};

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w4")
}

pub async fn Page() -> impl View {
    page("w4", next(1))
}

/// A boundary around level `n`.
fn next(n: usize) -> Node {
    suspense(loading(n), level(n))
}

async fn level(n: usize) -> Node {
    yields(1).await;
    section![
        h2![format!("Level {n}")],
        p![format!("This is level {n} of four.")],
        if n < LEVELS { next(n + 1) } else { list() }
    ]
    .into_node()
}
