//! Workload w8.

use next_rust::prelude::*;

use crate::pages::{list, page, siblings};
use bench_workloads::schedule::tick;

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w8")
}

pub async fn Page() -> impl View {
    page(
        "w8",
        siblings(|_| async move {
            tick().await;
            list()
        }),
    )
}
