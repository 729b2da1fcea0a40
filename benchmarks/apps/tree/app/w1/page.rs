//! The list.

use anabranch::prelude::*;
use bench_workloads::pages::list;

pub async fn head() -> Result<Head> {
    Ok(Head::title("w1"))
}

pub async fn render() -> Result {
    Ok(list())
}
