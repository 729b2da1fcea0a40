//! The embedded database: a file that is built once, and queries that stop when nobody waits.
//!
//! # Layout
//! * `tables`: the compressed tables inside the program
//! * `import`: tables -> SQLite file, `progress` shows how far it is
//! * `store`: finds, checks or rebuilds the file
//! * `pool`: read-only connections, lent to one query at a time

mod import;
mod pool;
mod progress;
mod store;
mod tables;

use std::error::Error as StdError;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{env, io, panic};

use rusqlite::Connection;
use tokio::task;

use pool::Pool;
pub use store::{Fault, Prepared, prepare};
pub use tables::{TABLES, Table};

/// Any error of preparing the database.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Connections of the pool. Queries are bound by the processor, so more would not be faster.
const CONNECTIONS: usize = 4;

/// After so many instructions of its virtual machine SQLite asks whether to go on: a fraction of a
/// millisecond.
const INSTRUCTIONS: i32 = 1_000;

/// A handle to the flights database. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Db {
    pool: Arc<Pool>,
}

impl Db {
    /// Opens the database at `path`, building it first when there is no complete one.
    ///
    /// # Errors
    /// When the file can neither be used nor built.
    pub fn open(path: &Path) -> Result<Self, BoxError> {
        prepare(path, &TABLES)?;
        Self::connect(path, CONNECTIONS)
    }

    /// Opens `connections` connections to a database that is already there.
    ///
    /// # Errors
    /// When SQLite cannot open the file.
    pub fn connect(path: &Path, connections: usize) -> Result<Self, BoxError> {
        let pool = Pool::open(path, connections)?;
        Ok(Self { pool })
    }

    /// How many connections no query is using.
    #[must_use]
    pub fn idle_connections(&self) -> usize {
        self.pool.idle()
    }

    /// Runs `work` with a connection, on a thread where it may block.
    ///
    /// # Errors
    /// The error of `work`.
    ///
    /// # Cancel safety
    /// Dropping the future stops the query within a fraction of a millisecond of its work and
    /// returns the connection.
    ///
    /// # Panics
    /// When `work` panics.
    pub async fn query<T, F>(&self, work: F) -> rusqlite::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let mut lent = self.pool.lend().await;
        let waiting = Waiting::default();
        let gone = Arc::clone(&waiting.gone);
        let query = task::spawn_blocking(move || {
            // `sqlite3_interrupt` is lost when it comes just before the statement starts. A flag
            // that SQLite asks for is not. Each query replaces the handler of the one before.
            let handler = move || gone.load(Ordering::Relaxed);
            let connection = lent.connection();
            connection.progress_handler(INSTRUCTIONS, Some(handler))?;
            work(connection)
        });
        match query.await {
            Ok(result) => result,
            Err(error) => match error.try_into_panic() {
                Ok(payload) => panic::resume_unwind(payload),
                // Cancelled: the runtime is ending, and the task that waits here with it.
                Err(_) => std::future::pending().await,
            },
        }
    }
}

/// Lives as long as somebody waits for the query.
#[derive(Default)]
struct Waiting {
    gone: Arc<AtomicBool>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.gone.store(true, Ordering::Relaxed);
    }
}

/// Where the database is kept: at `DEMO_DB`, or else beside the program, which is the target
/// folder under `cargo run`.
///
/// # Errors
/// When the system does not say where the program is.
pub fn default_path() -> io::Result<PathBuf> {
    match env::var_os("DEMO_DB") {
        Some(path) => Ok(path.into()),
        None => Ok(env::current_exe()?.with_file_name("flights.sqlite")),
    }
}
