//! The days of the year, and one of them by the hour.

use crate::db::Db;
use crate::queries::Origin;

/// A day of 2013.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Day {
    /// 1 to 12
    pub month: u8,
    /// 1 to 31
    pub day: u8,
    /// Flights in the timetable.
    pub flights: u32,
    /// Flights that never left.
    pub cancelled: u32,
    /// Minutes between the planned and the true departure.
    pub mean_delay: f64,
}

const DAYS: &str = "
    SELECT month, day,
           count(*) AS flights,
           sum(dep_time IS NULL) AS cancelled,
           avg(dep_delay) AS mean_delay
    FROM flights
    WHERE ?1 IS NULL OR origin = ?1
    GROUP BY month, day
    ORDER BY month, day";

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
           sum(dep_time IS NULL) AS cancelled,
           avg(dep_delay) AS mean_delay,
           max(precip) AS rain,
           max(max(wind_speed, coalesce(wind_gust, 0))) AS wind,
           min(visib) AS visibility
    FROM flights LEFT JOIN weather USING (origin, time_hour)
    WHERE flights.month = ?2 AND flights.day = ?3 AND (?1 IS NULL OR origin = ?1)
    GROUP BY flights.hour
    ORDER BY flights.hour";

impl Db {
    /// The days of the year, in order.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn days(&self, origin: Option<Origin>) -> rusqlite::Result<Vec<Day>> {
        self.rows(DAYS, (origin,), |row| {
            Ok(Day {
                month: row.get("month")?,
                day: row.get("day")?,
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
    pub async fn hours_of_day(
        &self,
        origin: Option<Origin>,
        month: u8,
        day: u8,
    ) -> rusqlite::Result<Vec<HourOfDay>> {
        self.rows(HOURS_OF_DAY, (origin, month, day), |row| {
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
