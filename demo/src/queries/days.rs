//! The days of the year, and one of them by the hour.

use crate::date::Date;
use crate::db::{Db, Result, params};
use crate::queries::{Origin, Subset, date};

/// A day of 2013.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Day {
    /// The day.
    pub date: Date,
    /// Flights in the timetable.
    pub flights: u32,
    /// Flights that never left.
    pub cancelled: u32,
    /// Minutes between the planned and the true departure, if any flight left.
    pub mean_delay: Option<f64>,
}

/// An hour of one day, with its weather.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct HourOfDay {
    /// Planned hour of departure, local time.
    pub hour: u8,
    /// Flights in the timetable.
    pub flights: u32,
    /// Flights that never left.
    pub cancelled: u32,
    /// Minutes between the planned and the true departure, if any flight left.
    pub mean_delay: Option<f64>,
    /// The most rain or melted snow at any of the airports, in inches.
    pub rain: Option<f64>,
    /// The strongest wind at any of the airports, in miles per hour.
    pub wind: Option<f64>,
    /// The lowest visibility at any of the airports, in miles.
    pub visibility: Option<f64>,
}

const HOURS_OF_DAY: &str = "
    SELECT flights.hour AS hour,
           count(*) AS flights,
           count(*) - count(dep_time) AS cancelled,
           avg(CAST(dep_delay AS FLOAT)) AS mean_delay,
           max(precip) AS rain,
           max(CASE WHEN wind_gust > wind_speed THEN wind_gust ELSE wind_speed END) AS wind,
           min(visib) AS visibility
    FROM flights LEFT JOIN weather USING (origin, time_hour)
    WHERE flights.month = $2 AND flights.day = $3 AND (CAST($1 AS TEXT) IS NULL OR origin = $1)
    GROUP BY flights.hour
    ORDER BY flights.hour";

impl Db {
    /// The days on which anything was planned, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn days(&self, subset: Subset) -> Result<Vec<Day>> {
        let sql = format!(
            "SELECT month, day,
                    count(*) AS flights,
                    count(*) - count(dep_time) AS cancelled,
                    avg(CAST(dep_delay AS FLOAT)) AS mean_delay
             FROM flights
             WHERE {}
             GROUP BY month, day
             ORDER BY month, day",
            subset.condition()
        );
        self.rows(sql, params![subset], |row| {
            Ok(Day {
                date: date(row)?,
                flights: row.get("flights")?,
                cancelled: row.get("cancelled")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }

    /// The hours of one day that had flights, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn hours_of_day(&self, origin: Option<Origin>, date: Date) -> Result<Vec<HourOfDay>> {
        let params = params![origin, date.month(), date.day()];
        self.rows(HOURS_OF_DAY, params, |row| {
            Ok(HourOfDay {
                hour: row.get("hour")?,
                flights: row.get("flights")?,
                cancelled: row.get("cancelled")?,
                mean_delay: row.get("mean_delay")?,
                rain: row.get("rain")?,
                wind: row.get("wind")?,
                visibility: row.get("visibility")?,
            })
        })
        .await
    }
}
