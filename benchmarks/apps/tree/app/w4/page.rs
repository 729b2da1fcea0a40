//! Four levels.

use std::pin::Pin;

use anabranch::prelude::*;
use bench_workloads::pages::{level, list, loading};
use bench_workloads::schedule::{LEVELS, yields};

pub async fn head() -> Result<Head> {
    Ok(Head::title("w4"))
}

pub async fn render() -> Result {
    Ok(html! { (boundary(nested(1)).loading(loading(1))) })
}

/// Level `n` and, inside it, a boundary around the next level. A future that holds another of its
/// own kind needs the box.
fn nested(n: usize) -> Pin<Box<dyn Future<Output = Result> + Send>> {
    Box::pin(async move {
        yields(1).await;
        Ok(if n < LEVELS {
            level(n, boundary(nested(n + 1)).loading(loading(n + 1)))
        } else {
            level(n, list())
        })
    })
}
