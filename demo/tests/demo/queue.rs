//! A store that a test can hold up.

use std::pin::Pin;
use std::sync::Arc;

use demo::db::{Answer, Db, Query, Sqlite, Store};
use futures_util::FutureExt;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};
use tokio::task::yield_now;

use crate::support::sqlite_over;

/// The flights of the year, read one query at a time in the order in which they were asked.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    store: Arc<Sqlite>,
    // Fair, as the pools of the stores are.
    turn: Arc<Semaphore>,
}

/// A turn, or a place in the queue for one.
pub(crate) struct Hold {
    _turn: Option<Result<OwnedSemaphorePermit, AcquireError>>,
    _place: Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>,
}

impl Queue {
    pub(crate) async fn flights() -> (Db, Self) {
        let queue = Self {
            store: Arc::new(sqlite_over(1)),
            turn: Arc::new(Semaphore::new(1)),
        };
        (Db::over(queue.clone()).await.unwrap(), queue)
    }

    /// Takes the next turn, as soon as all who wait already have had theirs, until it is dropped.
    pub(crate) fn hold(&self) -> Hold {
        let mut place: Pin<Box<_>> = Box::pin(Arc::clone(&self.turn).acquire_owned());
        // Polled once, it has its place.
        let _turn = place.as_mut().now_or_never();
        Hold {
            _turn,
            _place: place,
        }
    }
}

impl Store for Queue {
    fn read(&self, query: Query) -> Answer<'_> {
        Box::pin(async move {
            let _turn = self.turn.acquire().await.unwrap();
            // However fast the answer is, whoever asks can be seen to wait for it.
            yield_now().await;
            self.store.read(query).await
        })
    }

    fn write(&self, queries: Vec<Query>) -> Answer<'_> {
        self.store.write(queries)
    }

    fn idle_connections(&self) -> usize {
        self.store.idle_connections()
    }
}
