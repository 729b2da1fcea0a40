//! Waits for a task that goes on when nobody waits.

use std::panic;

use tokio::task::JoinHandle;

/// The output of a task, which panics here if it does there.
pub(super) async fn join<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(output) => output,
        Err(error) => match error.try_into_panic() {
            Ok(payload) => panic::resume_unwind(payload),
            // Cancelled: the runtime is ending, and the task that waits here with it.
            Err(_) => std::future::pending().await,
        },
    }
}
