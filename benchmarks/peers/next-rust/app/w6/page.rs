//! Workload w6.

use next_rust::prelude::*;

use crate::pages::{list, page, siblings};
use bench_workloads::schedule::parked;

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w6")
}

pub async fn Page() -> impl View {
    page(
        "w6",
        siblings(|i| async move {
            parked(i).await;
            list()
        }),
    )
}
