//! A subset of the flights in a few numbers, by the hour of the day, and by the month.

use crate::db::{Db, Error, Result, params};
use crate::queries::Subset;

/// A subset of the flights in a few numbers.
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
    /// Minutes between the planned and the true departure, if any flight left.
    pub mean_delay: Option<f64>,
    /// Airports flown to.
    pub destinations: u32,
    /// Different planes, by their registration.
    pub planes: u32,
    /// Different airlines.
    pub carriers: u32,
    /// Miles of all flights that left.
    pub miles: u32,
}

const TOTALS: &str = "
    SELECT count(*) AS flights,
           count(*) - count(dep_time) AS cancelled,
           count(arr_delay) AS arrivals,
           count(*) FILTER (WHERE arr_delay < 15) AS on_time,
           avg(CAST(dep_delay AS FLOAT)) AS mean_delay,
           count(DISTINCT dest) AS destinations,
           count(DISTINCT tailnum) AS planes,
           count(DISTINCT carrier) AS carriers,
           coalesce(sum(distance) FILTER (WHERE dep_time IS NOT NULL), 0) AS miles
    FROM flights
    WHERE ";

/// The departures of one hour of the day.
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

/// The flights of one month.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Month {
    /// 1 to 12
    pub month: u8,
    /// Flights in the timetable.
    pub flights: u32,
    /// Minutes between the planned and the true departure, if any flight left.
    pub mean_delay: Option<f64>,
}

impl Db {
    /// The subset in a few numbers.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn totals(&self, subset: Subset) -> Result<Totals> {
        let sql = format!("{TOTALS} {}", subset.condition());
        let totals = self.row(sql, params![subset], |row| {
            Ok(Totals {
                flights: row.get("flights")?,
                cancelled: row.get("cancelled")?,
                arrivals: row.get("arrivals")?,
                on_time: row.get("on_time")?,
                mean_delay: row.get("mean_delay")?,
                destinations: row.get("destinations")?,
                planes: row.get("planes")?,
                carriers: row.get("carriers")?,
                miles: row.get("miles")?,
            })
        });
        totals.await?.ok_or_else(Error::no_row)
    }

    /// The hours of the day in which anything left, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn hours(&self, subset: Subset) -> Result<Vec<Hour>> {
        let sql = format!(
            "SELECT hour, count(*) AS flights, avg(CAST(dep_delay AS FLOAT)) AS mean_delay
             FROM flights
             WHERE dep_delay IS NOT NULL AND {}
             GROUP BY hour
             ORDER BY hour",
            subset.condition()
        );
        self.rows(sql, params![subset], |row| {
            Ok(Hour {
                hour: row.get("hour")?,
                flights: row.get("flights")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }

    /// The months in which anything was planned, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn months(&self, subset: Subset) -> Result<Vec<Month>> {
        let sql = format!(
            "SELECT month, count(*) AS flights, avg(CAST(dep_delay AS FLOAT)) AS mean_delay
             FROM flights
             WHERE {}
             GROUP BY month
             ORDER BY month",
            subset.condition()
        );
        self.rows(sql, params![subset], |row| {
            Ok(Month {
                month: row.get("month")?,
                flights: row.get("flights")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }
}
