//! What a place for the data can do.

use std::borrow::Cow;
use std::fmt;
use std::pin::Pin;

use super::{Result, Row, Value};

/// A place for the data, with connections of its own.
///
/// # The SQL
/// It is asked in SQL that SQLite and PostgreSQL understand alike. Parameters are `$1`, `$2`, and so
/// on, in any order, and each is used. Where one of them knows more than the other:
/// * a mean is `avg(CAST(n AS FLOAT))`, a sum of counts is `CAST(sum(n) AS BIGINT)`: PostgreSQL
///   would answer with decimals of any length, which have no type here;
/// * a parameter that may be null says its type before it is tested: `CAST($1 AS TEXT) IS NULL`;
/// * a subquery has a name, a division by zero is avoided with `nullif`, and an order that puts
///   nulls anywhere says where;
/// * `unixepoch()` and `instr(text, part)` are SQLite's. The schema for PostgreSQL brings them.
pub trait Store: fmt::Debug + Send + Sync {
    /// Answers a query that writes nothing.
    ///
    /// # Cancel safety
    /// Dropping the future stops the query, on a server too, and then gives the connection back.
    fn read(&self, query: Query) -> Answer<'_>;

    /// Runs statements in one transaction, and answers with the rows of the last.
    ///
    /// # Cancel safety
    /// Work that has begun is finished, also when nobody waits for it.
    fn write(&self, queries: Vec<Query>) -> Answer<'_>;

    /// How many connections that read no query is using.
    fn idle_connections(&self) -> usize;
}

/// The rows to come.
pub type Answer<'a> = Pin<Box<dyn Future<Output = Result<Vec<Row>>> + Send + 'a>>;

/// A statement, and a value for each of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub(super) sql: Cow<'static, str>,
    pub(super) params: Vec<Value>,
}

impl Query {
    /// A statement whose parameter `$1` is the first of `params`.
    pub fn new(sql: impl Into<Cow<'static, str>>, params: Vec<Value>) -> Self {
        let sql = sql.into();
        Self { sql, params }
    }
}

/// What was found where a store is to be.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub enum Prepared {
    /// It was there and is complete.
    Found,
    /// There was nothing, so it was filled.
    Created,
    /// What was there could not be used, so it was filled anew.
    Rebuilt(Fault),
}

/// Why what is there cannot be used.
#[derive(Debug, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// The file belongs to something else. It is kept under another name.
    Foreign,
    /// It was made from other tables or another schema.
    Outdated,
    /// SQLite finds the file damaged, and says so in these words.
    Damaged(String),
    /// A table does not have all its rows.
    Incomplete(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("it is not a database of this program"),
            Self::Outdated => f.write_str("it was made by another version of this program"),
            Self::Damaged(what) => write!(f, "it is damaged ({what})"),
            Self::Incomplete(table) => write!(f, "table {table} is incomplete"),
        }
    }
}
