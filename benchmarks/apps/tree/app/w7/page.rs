//! Ten siblings out of order.

use anabranch::prelude::*;
use bench_workloads::pages::stamp;
use bench_workloads::schedule::staggered;

use crate::siblings::siblings;

pub async fn head() -> Result<Head> {
    Ok(Head::title("w7"))
}

pub async fn render() -> Result {
    Ok(siblings(
        |i| async move { Ok(stamp(i, staggered(i).await)) },
    ))
}
