//! Ten siblings.

use anabranch::prelude::*;
use bench_workloads::pages::list;
use bench_workloads::schedule::yields;

use crate::siblings::siblings;

pub async fn head() -> Result<Head> {
    Ok(Head::title("w3"))
}

pub async fn render() -> Result {
    Ok(siblings(|_| async {
        yields(1).await;
        Ok(list())
    }))
}
