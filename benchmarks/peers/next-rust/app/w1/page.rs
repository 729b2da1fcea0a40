//! Workload w1.

use next_rust::prelude::*;

use crate::pages::{list, page};

pub const RENDERING: Rendering = Rendering::Dynamic;

pub fn metadata() -> Metadata {
    Metadata::new().title("w1")
}

pub async fn Page() -> impl View {
    page("w1", list())
}
