//! Ten siblings that wait for long.

use anabranch::prelude::*;
use bench_workloads::pages::list;
use bench_workloads::schedule::parked;

use crate::siblings::siblings;

pub async fn head() -> Result<Head> {
    Ok(Head::title("w6"))
}

pub async fn render() -> Result {
    Ok(siblings(|i| async move {
        parked(i).await;
        Ok(list())
    }))
}
