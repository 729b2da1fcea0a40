//! Which flights a question is about.

use rusqlite::types::{ToSql, ToSqlOutput, Value};

use crate::date::Date;
use crate::queries::Origin;

/// Which flights a question is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subset {
    /// All of the year.
    All,
    /// Those that leave from an airport of New York.
    From(Origin),
    /// Those that start or end at the airport with this code.
    Airport(String),
    /// Those of the airline with this code.
    Carrier(String),
    /// Those of the plane with this registration.
    Plane(String),
    /// Those of a day.
    Day(Date),
}

impl Subset {
    /// What a flight of the subset fulfils, the subset itself being the first parameter.
    pub(super) fn condition(&self) -> &'static str {
        match self {
            Self::All => "?1 IS NULL",
            Self::From(_) => "origin = ?1",
            Self::Airport(_) => "(origin = ?1 OR dest = ?1)",
            Self::Carrier(_) => "carrier = ?1",
            Self::Plane(_) => "tailnum = ?1",
            Self::Day(_) => "month = ?1 / 100 AND day = ?1 % 100",
        }
    }
}

impl From<Option<Origin>> for Subset {
    fn from(origin: Option<Origin>) -> Self {
        origin.map_or(Self::All, Self::From)
    }
}

impl ToSql for Subset {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::All => Ok(ToSqlOutput::Owned(Value::Null)),
            Self::From(origin) => origin.to_sql(),
            Self::Airport(code) | Self::Carrier(code) | Self::Plane(code) => code.to_sql(),
            Self::Day(date) => {
                let number = i64::from(date.month()) * 100 + i64::from(date.day());
                Ok(ToSqlOutput::Owned(Value::Integer(number)))
            }
        }
    }
}
