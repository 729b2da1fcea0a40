//! Ten siblings that are ready together.

use anabranch::prelude::*;
use bench_workloads::pages::list;
use bench_workloads::schedule::tick;

use crate::siblings::siblings;

pub async fn head() -> Result<Head> {
    Ok(Head::title("w8"))
}

pub async fn render() -> Result {
    Ok(siblings(|_| async {
        tick().await;
        Ok(list())
    }))
}
