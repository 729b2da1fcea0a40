//! A few connections, each lent to one piece of work at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(super) struct Pool {
    // std's Mutex, not tokio's, because nothing is awaited while it is held.
    idle: Mutex<Vec<Connection>>,
    // One permit for each idle connection: whoever has a permit finds one.
    permits: Arc<Semaphore>,
}

impl Pool {
    /// Opens `size` connections.
    pub(super) fn open(
        size: usize,
        open: impl Fn() -> rusqlite::Result<Connection>,
    ) -> rusqlite::Result<Arc<Self>> {
        let idle: Vec<_> = (0..size).map(|_| open()).collect::<Result<_, _>>()?;
        Ok(Arc::new(Self {
            idle: Mutex::new(idle),
            permits: Arc::new(Semaphore::new(size)),
        }))
    }

    pub(super) fn idle(&self) -> usize {
        self.permits.available_permits()
    }

    /// Waits for a connection. Dropping the future gives up the place in the queue.
    pub(super) async fn lend(self: &Arc<Self>) -> Lent {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        let connection = self.connections().pop();
        Lent {
            connection,
            pool: Arc::clone(self),
            _permit: permit,
        }
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Connection>> {
        // Nothing panics between push and pop, so a poisoned list is still a whole one.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection on loan. Dropping it gives it back, also while unwinding.
pub(super) struct Lent {
    // None only while dropping.
    connection: Option<Connection>,
    pool: Arc<Pool>,
    // Dropped after `drop` below has run, so the connection is back before its permit is.
    _permit: OwnedSemaphorePermit,
}

impl Lent {
    pub(super) fn connection(&mut self) -> &mut Connection {
        self.connection
            .as_mut()
            .expect("a permit stands for a connection")
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        self.pool.connections().extend(self.connection.take());
    }
}
