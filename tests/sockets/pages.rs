//! What the pages of several suites are made of.

use std::time::Duration;

use anabranch::prelude::{DOCTYPE, Markup, Result, html};
use anabranch_paint::Gates;

/// Long beyond anything that happens here: it ends tests that would hang.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A document around `body`.
pub(crate) fn document(body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "page" } }
            body { (body) }
        }
    }
}

/// Content that waits for a gate.
pub(crate) async fn gated(gates: Gates, gate: &'static str) -> Result {
    gates.wait(gate).await;
    Ok(html! { p { "content " (gate) } })
}

/// Waits for `event`, but not for ever.
///
/// # Panics
/// If it does not happen.
pub(crate) async fn soon<T>(event: impl Future<Output = T>) -> T {
    let waited = tokio::time::timeout(PATIENCE, event).await;
    waited.expect("it happens, and soon")
}

/// Lets other tasks run until `condition` holds.
pub(crate) async fn until(condition: impl Fn() -> bool) {
    soon(async {
        while !condition() {
            tokio::task::yield_now().await;
        }
    })
    .await;
}
