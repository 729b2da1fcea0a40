//! Workload w7.

use next_rust::prelude::*;

use crate::pages::{page, siblings};
use bench_workloads::schedule::staggered;

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w7")
}

pub async fn Page() -> impl View {
    page(
        "w7",
        siblings(|i| async move {
            let time = staggered(i).await;
            p![format!("r{i}@{time}")].into_node()
        }),
    )
}
