//! Workload w5.

use next_rust::prelude::*;

use crate::pages::page;
use bench_workloads::schedule::{PARAGRAPHS, yields, yields_of};

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w5")
}

pub async fn Page() -> impl View {
    page(
        "w5",
        fragment_of((0..PARAGRAPHS).map(|i| {
            suspense(i!["wait"], async move {
                yields(yields_of(i)).await;
                p![format!(
                    "Paragraph {i}: the quick brown fox jumps over the lazy dog."
                )]
            })
        })),
    )
}
