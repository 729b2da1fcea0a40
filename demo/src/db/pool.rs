//! A few connections, each lent to one piece of work at a time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(super) struct Pool<C> {
    // std's Mutex, not tokio's, because nothing is awaited while it is held.
    idle: Mutex<Vec<C>>,
    // One permit for each place of a connection, so there are never more connections than places.
    permits: Arc<Semaphore>,
}

impl<C> Pool<C> {
    /// A pool of `size` places, some of which may have their connection already.
    pub(super) fn new(size: usize, connections: Vec<C>) -> Arc<Self> {
        Arc::new(Self {
            idle: Mutex::new(connections),
            permits: Arc::new(Semaphore::new(size)),
        })
    }

    pub(super) fn idle(&self) -> usize {
        self.permits.available_permits()
    }

    /// Waits for a place. Dropping the future gives up that in the queue.
    pub(super) async fn lend(self: &Arc<Self>) -> Lent<C> {
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        Lent {
            connection: self.connections().pop(),
            pool: Arc::clone(self),
            _permit: permit,
        }
    }

    fn connections(&self) -> MutexGuard<'_, Vec<C>> {
        // Nothing panics between push and pop, so a poisoned list is still a whole one.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place on loan. Dropping it gives it back with the connection that is in it, also while
/// unwinding.
#[derive(Debug)]
pub(super) struct Lent<C> {
    /// None where a connection was never opened, or was taken out because it is of no use any more.
    pub(super) connection: Option<C>,
    pool: Arc<Pool<C>>,
    // Dropped after `drop` below has run, so the connection is back before its permit is.
    _permit: OwnedSemaphorePermit,
}

impl<C> Drop for Lent<C> {
    fn drop(&mut self) {
        self.pool.connections().extend(self.connection.take());
    }
}
