//! Workload w3.

use next_rust::prelude::*;

use crate::pages::{list, page, siblings};
use bench_workloads::schedule::yields;

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w3")
}

pub async fn Page() -> impl View {
    page(
        "w3",
        siblings(|_| async move {
            yields(1).await;
            list()
        }),
    )
}
