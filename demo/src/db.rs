//! Where the data lives, and how it is asked.
//!
//! One machine keeps it in a file of its own, with SQLite; more than one share it on a server, with
//! PostgreSQL. Each is a [`Store`]. Above it, nothing knows which one answers.
//!
//! # Layout
//! * `store`: what a store can do, and in which SQL it is asked
//! * `value`: what goes into a query and comes out of it
//! * `sqlite`, `postgres`: the two stores
//! * `place`: which of them it is, from the environment
//! * `pool`: connections, lent to one piece of work at a time; `join`: work that is not dropped with
//!   whoever waits for it
//! * `tables`: the compressed tables inside the program; `progress` shows how far their import is
//! * `indexes.sql`: what both stores make after the import

mod error;
mod join;
mod place;
mod pool;
mod postgres;
mod progress;
mod sqlite;
mod store;
mod tables;
mod value;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;

use cookie::Key;

use crate::desk;
pub use error::{Error, Result};
pub use place::Place;
pub use postgres::Postgres;
pub use sqlite::Sqlite;
pub use store::{Answer, Fault, Prepared, Query, Store};
pub use tables::{TABLES, Table};
pub(crate) use value::params;
pub use value::{FromValue, Row, Value};

/// Any error of preparing a store.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// Connections that read. Queries are bound by the processor, so more would not be faster.
const CONNECTIONS: usize = 4;

/// A handle to the data. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Db {
    store: Arc<dyn Store>,
    key: Key,
}

impl Db {
    /// Opens the store at `place`, and fills it first when it is not complete.
    ///
    /// # Errors
    /// When the store can neither be used nor filled.
    pub async fn open(place: &Place) -> Result<Self, BoxError> {
        match place {
            Place::File(path) => Self::over(Sqlite::open(path, CONNECTIONS).await?).await,
            Place::Server(config) => Self::over(Postgres::open(config, CONNECTIONS).await?).await,
        }
    }

    /// A handle to a store that is complete.
    ///
    /// # Errors
    /// When the account of the demo or the key of its cookies can neither be read nor written.
    pub async fn over(store: impl Store + 'static) -> Result<Self, BoxError> {
        desk::create_account(&store).await?;
        let key = desk::signing_key(&store).await?;
        let store = Arc::new(store);
        Ok(Self { store, key })
    }

    /// The key that signs cookies.
    pub(crate) fn key(&self) -> &Key {
        &self.key
    }

    /// How many connections that read no query is using.
    #[must_use]
    pub fn idle_connections(&self) -> usize {
        self.store.idle_connections()
    }

    /// Asks whether queries are answered.
    ///
    /// # Errors
    /// When they are not.
    pub async fn ping(&self) -> Result<()> {
        self.store.read(Query::new("SELECT 1", params![])).await?;
        Ok(())
    }

    /// Reads all rows that `sql` yields.
    pub(crate) async fn rows<T>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        params: Vec<Value>,
        read: fn(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let rows = self.store.read(Query::new(sql, params)).await?;
        rows.iter().map(read).collect()
    }

    /// Reads the first row that `sql` yields, if it yields any.
    pub(crate) async fn row<T>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        params: Vec<Value>,
        read: fn(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        let rows = self.store.read(Query::new(sql, params)).await?;
        rows.first().map(read).transpose()
    }

    /// Runs statements that write, all of them or none. Returns the rows of the last.
    pub(crate) async fn write(&self, queries: impl Into<Vec<Query>>) -> Result<Vec<Row>> {
        self.store.write(queries.into()).await
    }
}
