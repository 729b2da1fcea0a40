//! The questions the pages ask, each a query with typed rows.
//!
//! Most can be asked of any [`Subset`] of the flights. None is answered from a table of sums:
//! each reads the rows it is about.
//!
//! # Layout
//! * [`Subset`]: all flights, or those of an airport, an airline, a plane, a day
//! * `summary`, `days`, `routes`, `weather`, `planes`, `fuel`: what is counted
//! * `airports`, `airlines`, `flights`: what is looked up and listed
//! * `notes`: what people write about flights, the one thing that changes

mod airlines;
mod airports;
mod days;
mod flights;
mod fuel;
mod notes;
mod planes;
mod routes;
mod subset;
mod summary;
mod weather;

use std::borrow::Cow;
use std::fmt;

use rusqlite::types::{ToSql, ToSqlOutput};
use rusqlite::{OptionalExtension, Params, Row, Statement};

use crate::date::Date;
use crate::db::Db;
pub use airlines::Airline;
pub(crate) use airlines::short_name as short_airline;
pub(crate) use airports::short_name as short_airport;
pub use airports::{Airport, Destination, Place};
pub use days::{Day, HourOfDay};
pub use flights::{Flight, Position, Time};
pub use fuel::FuelPrice;
pub use notes::{Draft, Kind, Note};
pub use planes::{AgeGroup, FleetPlane, Model, Plane};
pub use routes::{Carrier, Route};
pub use subset::Subset;
pub use summary::{Hour, Month, Totals};
pub use weather::{AirportWeather, Sky};

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
        sql: impl Into<Cow<'static, str>>,
        params: P,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Vec<T>>
    where
        T: Send + 'static,
        P: Params + Send + 'static,
    {
        self.with_statement(sql, move |statement| {
            statement.query_map(params, read)?.collect()
        })
        .await
    }

    /// Reads the first row that `sql` yields, if it yields any.
    async fn row<T, P>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        params: P,
        read: fn(&Row<'_>) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Option<T>>
    where
        T: Send + 'static,
        P: Params + Send + 'static,
    {
        self.with_statement(sql, move |statement| {
            statement.query_row(params, read).optional()
        })
        .await
    }

    /// Runs `work` with the statement of `sql`, prepared once for each connection.
    async fn with_statement<T: Send + 'static>(
        &self,
        sql: impl Into<Cow<'static, str>>,
        work: impl FnOnce(&mut Statement<'_>) -> rusqlite::Result<T> + Send + 'static,
    ) -> rusqlite::Result<T> {
        let sql = sql.into();
        self.query(move |connection| work(&mut *connection.prepare_cached(&sql)?))
            .await
    }
}

/// The date in the columns `month` and `day`.
fn date(row: &Row<'_>) -> rusqlite::Result<Date> {
    let (month, day) = (row.get("month")?, row.get("day")?);
    let out_of_range = || rusqlite::Error::IntegralValueOutOfRange(0, i64::from(day));
    Date::new(month, day).ok_or_else(out_of_range)
}
