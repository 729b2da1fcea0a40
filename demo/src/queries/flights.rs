//! Single flights, looked up and paged through.

use std::fmt;

use crate::date::Date;
use crate::db::{Db, FromValue, Result, Row, Value, params};
use crate::queries::date;

/// A flight in the timetable.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Flight {
    /// The number of its row in the data.
    pub id: u32,
    /// The day on which it was planned to leave.
    pub date: Date,
    /// When it was planned to leave, local time.
    pub planned: Time,
    /// When it left, unless it was cancelled.
    pub departure: Option<Time>,
    /// Minutes between the planned and the true departure.
    pub departure_delay: Option<i32>,
    /// Minutes between the planned and the true arrival, if it arrived where it was planned.
    pub arrival_delay: Option<i32>,
    /// Code of its airline.
    pub carrier: String,
    /// Its number with this airline.
    pub number: u32,
    /// Registration of its plane, if known.
    pub tailnum: Option<String>,
    /// Code of the airport of New York.
    pub origin: String,
    /// Code of the airport at the other end.
    pub dest: String,
    /// Miles.
    pub distance: u32,
    /// How many notes there are about it.
    pub notes: u32,
}

impl Flight {
    /// Airline and number: "UA 1545".
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.carrier, self.number)
    }

    /// Its place in the order of [`Db::flights`].
    #[must_use]
    pub fn position(&self) -> Position {
        Position {
            date: self.date,
            planned: self.planned,
            id: self.id,
        }
    }
}

/// A time of the day, local to the airport.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(u16);

/// "05:15"
impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The data writes 05:15 as 515.
impl FromValue for Time {
    fn from_value(value: &Value) -> Option<Self> {
        u16::from_value(value).map(Self)
    }
}

/// The place of a flight in the order of [`Db::flights`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    date: Date,
    planned: Time,
    id: u32,
}

impl Position {
    /// The day of the flight.
    #[must_use]
    pub fn date(&self) -> Date {
        self.date
    }
}

const COLUMNS: &str = "
    SELECT id, month, day, sched_dep_time, dep_time, dep_delay, arr_delay, carrier, flight,
           tailnum, origin, dest, distance,
           (SELECT count(*) FROM notes WHERE notes.flight = flights.id) AS notes
    FROM flights";

impl Db {
    /// The flight with this id.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn flight(&self, id: u32) -> Result<Option<Flight>> {
        self.row(format!("{COLUMNS} WHERE id = $1"), params![id], flight)
            .await
    }

    /// Up to `limit` flights, by the planned time of departure: of one day or of the whole year,
    /// from the beginning or after a position.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn flights(
        &self,
        of: Option<Date>,
        after: Option<Position>,
        limit: u16,
    ) -> Result<Vec<Flight>> {
        let mut params = params![limit];
        let mut param = |value: Value| {
            params.push(value);
            format!("${}", params.len())
        };
        let mut sql = format!("{COLUMNS} WHERE TRUE");
        // Only what is asked becomes a condition, so that the index answers it.
        if let Some(date) = of {
            let (month, day) = (param(date.month().into()), param(date.day().into()));
            sql += &format!(" AND month = {month} AND day = {day}");
        }
        if let Some(Position { date, planned, id }) = after {
            let position = [
                date.month().into(),
                date.day().into(),
                planned.0.into(),
                id.into(),
            ];
            let position = position.map(&mut param).join(", ");
            sql += &format!(" AND (month, day, sched_dep_time, id) > ({position})");
        }
        sql += " ORDER BY month, day, sched_dep_time, id LIMIT $1";
        self.rows(sql, params, flight).await
    }

    /// The flights with this number on a day. There may be several: from two airports, or twice.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn flights_by_number(
        &self,
        of: Date,
        carrier: String,
        number: u32,
    ) -> Result<Vec<Flight>> {
        let sql = format!(
            "{COLUMNS} WHERE month = $1 AND day = $2 AND carrier = $3 AND flight = $4
             ORDER BY sched_dep_time, id"
        );
        let params = params![of.month(), of.day(), carrier, number];
        self.rows(sql, params, flight).await
    }
}

pub(super) fn flight(row: &Row) -> Result<Flight> {
    Ok(Flight {
        id: row.get("id")?,
        date: date(row)?,
        planned: row.get("sched_dep_time")?,
        departure: row.get("dep_time")?,
        departure_delay: row.get("dep_delay")?,
        arrival_delay: row.get("arr_delay")?,
        carrier: row.get("carrier")?,
        number: row.get("flight")?,
        tailnum: row.get("tailnum")?,
        origin: row.get("origin")?,
        dest: row.get("dest")?,
        distance: row.get("distance")?,
        notes: row.get("notes")?,
    })
}
