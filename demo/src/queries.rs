//! The questions the dashboard asks, each a query with typed rows.
//!
//! Every question can be asked for one airport or for all three. None is answered from a table
//! of sums: each reads the rows it is about.

mod days;
mod fuel;
mod planes;
mod routes;
mod summary;
mod weather;

use std::fmt;

use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{Params, Row};

use crate::db::Db;
pub use days::{Day, HourOfDay};
pub use fuel::FuelPrice;
pub use planes::AgeGroup;
pub use routes::{Carrier, Route};
pub use summary::{Hour, Totals};
pub use weather::Sky;

/// An airport of New York.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// Newark Liberty
    Ewr,
    /// John F. Kennedy
    Jfk,
    /// LaGuardia
    Lga,
}

impl Origin {
    /// All of them, in alphabetical order.
    pub const ALL: [Self; 3] = [Self::Ewr, Self::Jfk, Self::Lga];

    /// The airport with this code, which is case-sensitive.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|origin| origin.code() == code)
    }

    /// The code as in the data.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ewr => "EWR",
            Self::Jfk => "JFK",
            Self::Lga => "LGA",
        }
    }

    /// The name as people say it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ewr => "Newark",
            Self::Jfk => "Kennedy",
            Self::Lga => "LaGuardia",
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl ToSql for Origin {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.code().to_sql()
    }
}

impl Db {
    /// Reads all rows that `sql` yields.
    async fn rows<T, P>(
        &self,
        sql: &'static str,
        params: P,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>>
    where
        T: Send + 'static,
        P: Params + Send + 'static,
    {
        self.query(move |connection| {
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map(params, read)?.collect()
        })
        .await
    }
}
