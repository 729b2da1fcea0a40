//! The store of one machine: an SQLite file that is built once, and queries that stop when nobody
//! waits.
//!
//! # Layout
//! * `file`: finds, checks or rebuilds the file
//! * `import`: tables -> SQLite file
//! * `schema.sql`: the flights; `desk.sql`: what people add to them

mod file;
mod import;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::Connection;
use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use tokio::task;

use super::join::join;
use super::pool::{Lent, Pool};
use super::{Answer, BoxError, Prepared, Query, Row, Store, TABLES, Table, Value};
use file::{open_read_only, open_to_write};

/// After so many instructions of its virtual machine SQLite asks whether to go on: a fraction of a
/// millisecond.
const INSTRUCTIONS: i32 = 1_000;

/// The data in a file of this machine.
#[derive(Debug)]
pub struct Sqlite {
    readers: Arc<Pool<Connection>>,
    // One, because SQLite lets one connection write at a time: others would only wait for it.
    writer: Arc<Pool<Connection>>,
}

impl Sqlite {
    /// Opens the database at `path`, building it first when there is no complete one.
    ///
    /// # Errors
    /// When the file can neither be used nor built.
    pub async fn open(path: &Path, connections: usize) -> Result<Self, BoxError> {
        let path = path.to_owned();
        let open = move || {
            Self::prepare(&path, &TABLES)?;
            Ok(Self::connect(&path, connections)?)
        };
        join(task::spawn_blocking(open)).await
    }

    /// Leaves a complete database of `tables` at `path`.
    ///
    /// # Errors
    /// When the file cannot be written, or a table is damaged.
    pub fn prepare(path: &Path, tables: &[Table<'_>]) -> Result<Prepared, BoxError> {
        file::prepare(path, tables)
    }

    /// Opens `connections` connections that read a database that is already there, and one that
    /// writes.
    ///
    /// # Errors
    /// When SQLite cannot open the file.
    pub fn connect(path: &Path, connections: usize) -> rusqlite::Result<Self> {
        let readers = (0..connections).map(|_| open_read_only(path));
        Ok(Self {
            readers: Pool::new(connections, readers.collect::<Result<_, _>>()?),
            writer: Pool::new(1, vec![open_to_write(path)?]),
        })
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
}

impl Store for Sqlite {
    fn read(&self, query: Query) -> Answer<'_> {
        let rows = self.query(move |connection| run(connection, &query));
        Box::pin(async { Ok(rows.await?) })
    }

    fn write(&self, queries: Vec<Query>) -> Answer<'_> {
        Box::pin(async move {
            let lent = self.writer.lend().await;
            let rows = on_thread(lent, move |connection| {
                let transaction = connection.transaction()?;
                let mut rows = Vec::new();
                for query in &queries {
                    rows = run(&transaction, query)?;
                }
                transaction.commit()?;
                Ok(rows)
            });
            Ok(rows.await?)
        })
    }

    fn idle_connections(&self) -> usize {
        self.readers.idle()
    }
}

/// Runs a statement, which is prepared once for each connection.
fn run(connection: &Connection, query: &Query) -> rusqlite::Result<Vec<Row>> {
    let mut statement = connection.prepare_cached(&query.sql)?;
    // To SQLite `$2` is a name like any other, counted where it is first seen.
    for place in 1..=statement.parameter_count() {
        let name = statement.parameter_name(place).unwrap_or_default();
        let number = name.strip_prefix('$').and_then(|name| name.parse().ok());
        let at = number.and_then(|number: usize| number.checked_sub(1));
        let Some(value) = at.and_then(|at| query.params.get(at)) else {
            return Err(rusqlite::Error::InvalidParameterName(name.to_owned()));
        };
        statement.raw_bind_parameter(place, value)?;
    }
    let columns: Arc<[String]> = statement.column_names().map(Into::into).collect();
    let mut found = Vec::new();
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next()? {
        let values = (0..columns.len()).map(|column| row.get_ref(column)?.try_into());
        found.push(Row::new(&columns, values.collect::<Result<_, _>>()?));
    }
    Ok(found)
}

impl TryFrom<ValueRef<'_>> for Value {
    type Error = rusqlite::Error;

    fn try_from(value: ValueRef<'_>) -> rusqlite::Result<Self> {
        Ok(match value {
            ValueRef::Null => Self::Null,
            ValueRef::Integer(number) => Self::Integer(number),
            ValueRef::Real(number) => Self::Real(number),
            ValueRef::Text(_) => Self::Text(value.as_str()?.to_owned()),
            ValueRef::Blob(bytes) => Self::Bytes(bytes.to_owned()),
        })
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(number) => ValueRef::Integer(*number),
            Self::Real(number) => ValueRef::Real(*number),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

async fn on_thread<T, F>(mut lent: Lent<Connection>, work: F) -> rusqlite::Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
{
    join(task::spawn_blocking(move || {
        let connection = lent.connection.as_mut();
        work(connection.expect("every place was filled when the store was opened"))
    }))
    .await
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
