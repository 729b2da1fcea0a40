//! The year in a few numbers, and by the hour of the day.

use crate::db::Db;
use crate::queries::Origin;

/// The year in a few numbers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Totals {
    /// Flights in the timetable.
    pub flights: u32,
    /// Flights that never left.
    pub cancelled: u32,
    /// Flights whose delay on arrival is known.
    pub arrivals: u32,
    /// Arrivals less than fifteen minutes late, which is what the authority calls on time.
    pub on_time: u32,
    /// Minutes between the planned and the true departure.
    pub mean_delay: f64,
    /// Airports flown to.
    pub destinations: u32,
    /// Different planes, by their registration.
    pub planes: u32,
}

const TOTALS: &str = "
    SELECT count(*) AS flights,
           sum(dep_time IS NULL) AS cancelled,
           count(arr_delay) AS arrivals,
           sum(arr_delay < 15) AS on_time,
           avg(dep_delay) AS mean_delay,
           count(DISTINCT dest) AS destinations,
           count(DISTINCT tailnum) AS planes
    FROM flights
    WHERE ?1 IS NULL OR origin = ?1";

/// The departures of one hour of the day, over the whole year.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Hour {
    /// Planned hour of departure, local time.
    pub hour: u8,
    /// Flights that left.
    pub flights: u32,
    /// Minutes between the planned and the true departure.
    pub mean_delay: f64,
}

const HOURS: &str = "
    SELECT hour, count(*) AS flights, avg(dep_delay) AS mean_delay
    FROM flights
    WHERE dep_delay IS NOT NULL AND (?1 IS NULL OR origin = ?1)
    GROUP BY hour
    ORDER BY hour";

impl Db {
    /// The year in a few numbers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn totals(&self, origin: Option<Origin>) -> rusqlite::Result<Totals> {
        self.query(move |connection| {
            let mut statement = connection.prepare_cached(TOTALS)?;
            statement.query_row((origin,), |row| {
                Ok(Totals {
                    flights: row.get("flights")?,
                    cancelled: row.get("cancelled")?,
                    arrivals: row.get("arrivals")?,
                    on_time: row.get("on_time")?,
                    mean_delay: row.get("mean_delay")?,
                    destinations: row.get("destinations")?,
                    planes: row.get("planes")?,
                })
            })
        })
        .await
    }

    /// The hours of the day in which anything left, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn hours(&self, origin: Option<Origin>) -> rusqlite::Result<Vec<Hour>> {
        self.rows(HOURS, (origin,), |row| {
            Ok(Hour {
                hour: row.get("hour")?,
                flights: row.get("flights")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }
}
