//! Why a query was not answered.

use std::error::Error as StdError;
use std::fmt;

/// What a query yields.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a query was not answered. What the database said of it is the source.
#[derive(Debug)]
pub struct Error(Kind);

#[derive(Debug)]
enum Kind {
    Sqlite(rusqlite::Error),
    Postgres(tokio_postgres::Error),
    Column(String),
    NoRow,
}

impl Error {
    /// A column that is not there, or whose value is not what is asked for.
    pub(crate) fn column(name: &str) -> Self {
        Self(Kind::Column(name.to_owned()))
    }

    /// A row that is always there is not.
    pub(crate) fn no_row() -> Self {
        Self(Kind::NoRow)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Sqlite(_) => f.write_str("SQLite does not answer"),
            Kind::Postgres(_) => f.write_str("PostgreSQL does not answer"),
            Kind::Column(name) => write!(f, "column {name} has no such value"),
            Kind::NoRow => f.write_str("a row is missing"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0 {
            Kind::Sqlite(error) => Some(error),
            Kind::Postgres(error) => Some(error),
            Kind::Column(_) | Kind::NoRow => None,
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Self(Kind::Sqlite(error))
    }
}

impl From<tokio_postgres::Error> for Error {
    fn from(error: tokio_postgres::Error) -> Self {
        Self(Kind::Postgres(error))
    }
}
