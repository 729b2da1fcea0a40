//! Workload w2.

use next_rust::prelude::*;

use crate::pages::{list, loading, page};
use bench_workloads::schedule::yields;

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w2")
}

pub async fn Page() -> impl View {
    page(
        "w2",
        suspense(loading(0), async {
            yields(1).await;
            list()
        }),
    )
}
