//! Patience that ends.

use std::time::{Duration, Instant};

use crate::Tried;

/// Long beyond anything that a row waits for: it ends a row that would hang.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Between two looks at something that gives no event, such as another process's memory.
const PAUSE: Duration = Duration::from_millis(5);

/// Waits for `event`, but not for ever.
///
/// # Errors
/// If it does not happen; `what` names it.
pub async fn soon<T>(what: &str, event: impl Future<Output = T>) -> Tried<T> {
    within(PATIENCE, what, event).await
}

/// Waits for `event` for as long as `limit`.
///
/// # Errors
/// If it does not happen; `what` names it.
pub async fn within<T>(limit: Duration, what: &str, event: impl Future<Output = T>) -> Tried<T> {
    let waited = tokio::time::timeout(limit, event).await;
    waited.map_err(|_| format!("not within {limit:?}: {what}"))
}

/// Looks again and again until `condition` holds, and says how long that took.
///
/// # Errors
/// If it does not hold within `limit`, or cannot be looked at.
pub async fn until(
    limit: Duration,
    what: &str,
    mut condition: impl FnMut() -> Tried<bool>,
) -> Tried<Duration> {
    let started = Instant::now();
    while !condition()? {
        if started.elapsed() > limit {
            return Err(format!("not within {limit:?}: {what}"));
        }
        tokio::time::sleep(PAUSE).await;
    }
    Ok(started.elapsed())
}
