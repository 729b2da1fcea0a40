//! Which flights a question is about.

use crate::date::Date;
use crate::db::Value;
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
            Self::All => "CAST($1 AS TEXT) IS NULL",
            Self::From(_) => "origin = $1",
            Self::Airport(_) => "(origin = $1 OR dest = $1)",
            Self::Carrier(_) => "carrier = $1",
            Self::Plane(_) => "tailnum = $1",
            Self::Day(_) => "month = $1 / 100 AND day = $1 % 100",
        }
    }
}

impl From<Option<Origin>> for Subset {
    fn from(origin: Option<Origin>) -> Self {
        origin.map_or(Self::All, Self::From)
    }
}

impl From<Subset> for Value {
    fn from(subset: Subset) -> Self {
        match subset {
            Subset::All => Self::Null,
            Subset::From(origin) => origin.into(),
            Subset::Airport(code) | Subset::Carrier(code) | Subset::Plane(code) => code.into(),
            Subset::Day(date) => (u16::from(date.month()) * 100 + u16::from(date.day())).into(),
        }
    }
}
