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

use std::fmt;

use crate::date::Date;
use crate::db::{Error, Result, Row, Value};
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

impl From<Origin> for Value {
    fn from(origin: Origin) -> Self {
        origin.code().into()
    }
}

/// The date in the columns `month` and `day`.
fn date(row: &Row) -> Result<Date> {
    let date = Date::new(row.get("month")?, row.get("day")?);
    date.ok_or_else(|| Error::column("day"))
}
