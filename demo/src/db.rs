//! The embedded database: a file that is built once, and queries that stop when nobody waits.
//!
//! # Layout
//! * `tables`: the compressed tables inside the program
//! * `import`: tables -> SQLite file, `progress` shows how far it is
//! * `store`: finds, checks or rebuilds the file
//! * `pool`: connections, lent to one piece of work at a time
//! * `schema.sql`, `indexes.sql`: the flights; `desk.sql`: what people add to them

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

use cookie::Key;
use rusqlite::{Connection, OptionalExtension};
use tokio::task;

use crate::desk;
use pool::{Lent, Pool};
pub use store::{Fault, Prepared, prepare};
use store::{open_read_only, open_to_write};
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
    readers: Arc<Pool>,
    // One, because SQLite lets one connection write at a time: others would only wait for it.
    writer: Arc<Pool>,
    key: Key,
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

    /// Opens `connections` connections that read a database that is already there, and one that
    /// writes.
    ///
    /// # Errors
    /// When SQLite cannot open the file, or cannot write the account of the demo into it.
    pub fn connect(path: &Path, connections: usize) -> Result<Self, BoxError> {
        let writer = open_to_write(path)?;
        desk::create(&writer)?;
        Ok(Self {
            key: signing_key(&writer)?,
            readers: Pool::open(connections, || open_read_only(path))?,
            writer: Pool::open(1, || open_to_write(path))?,
        })
    }

    /// The key that signs cookies.
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// How many connections that read no query is using.
    #[must_use]
    pub fn idle_connections(&self) -> usize {
        self.readers.idle()
    }

    /// Runs `work` with a connection that reads, on a thread where it may block.
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
        let lent = self.readers.lend().await;
        let waiting = Waiting::default();
        let gone = Arc::clone(&waiting.gone);
        on_thread(lent, move |connection| {
            // `sqlite3_interrupt` is lost when it comes just before the statement starts. A flag
            // that SQLite asks for is not. Each query replaces the handler of the one before.
            let handler = move || gone.load(Ordering::Relaxed);
            connection.progress_handler(INSTRUCTIONS, Some(handler))?;
            work(connection)
        })
        .await
    }

    /// Runs `work` with the connection that writes, on a thread where it may block.
    ///
    /// # Errors
    /// The error of `work`.
    ///
    /// # Cancel safety
    /// Work that has begun is finished, also when nobody waits for it.
    ///
    /// # Panics
    /// When `work` panics.
    pub async fn write<T, F>(&self, work: F) -> rusqlite::Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        on_thread(self.writer.lend().await, work).await
    }
}

/// The key that the database keeps, made at the first start.
fn signing_key(connection: &Connection) -> Result<Key, BoxError> {
    const NAME: &str = "cookies";
    // Of two processes that start together, the first makes the key for both.
    let insert = "INSERT OR IGNORE INTO keys (name, value) VALUES (?1, ?2)";
    let select = "SELECT value FROM keys WHERE name = ?1";
    let read = || {
        let key = connection.query_row(select, (NAME,), |row| row.get::<_, Vec<u8>>(0));
        key.optional()
    };
    let key = match read()? {
        Some(key) => key,
        None => {
            connection.execute(insert, (NAME, Key::generate().master()))?;
            read()?.ok_or("the key of the cookies is gone")?
        }
    };
    Ok(Key::try_from(&key[..])?)
}

async fn on_thread<T, F>(mut lent: Lent, work: F) -> rusqlite::Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
{
    let done = task::spawn_blocking(move || work(lent.connection()));
    match done.await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(payload) => panic::resume_unwind(payload),
            // Cancelled: the runtime is ending, and the task that waits here with it.
            Err(_) => std::future::pending().await,
        },
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
