//! One boundary.

use anabranch::prelude::*;
use bench_workloads::pages::{list, loading};
use bench_workloads::schedule::yields;

pub async fn head() -> Result<Head> {
    Ok(Head::title("w2"))
}

pub async fn render() -> Result {
    Ok(html! { (boundary(late()).loading(loading(0))) })
}

async fn late() -> Result {
    yields(1).await;
    Ok(list())
}
