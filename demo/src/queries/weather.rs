//! What the weather was, and what it does to departures.

use crate::date::Date;
use crate::db::{Db, Result, params};
use crate::queries::Subset;

/// All departures under one kind of sky.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Sky {
    /// What the sky was like.
    pub name: String,
    /// Flights in the timetable.
    pub flights: u32,
    /// Flights that never left.
    pub cancelled: u32,
    /// Minutes between the planned and the true departure, if any flight left.
    pub mean_delay: Option<f64>,
}

/// The weather of a day at one of the airports of New York.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AirportWeather {
    /// Code of the airport.
    pub origin: String,
    /// Degrees Fahrenheit.
    pub coldest: Option<f64>,
    /// Degrees Fahrenheit.
    pub warmest: Option<f64>,
    /// The strongest wind or gust, in miles per hour.
    pub wind: Option<f64>,
    /// Rain or melted snow in inches.
    pub rain: f64,
    /// The lowest visibility, in miles.
    pub visibility: f64,
}

const WEATHER_OF_DAY: &str = "
    SELECT origin,
           min(temp) AS coldest,
           max(temp) AS warmest,
           max(CASE WHEN wind_gust > wind_speed THEN wind_gust ELSE wind_speed END) AS wind,
           sum(precip) AS rain,
           min(visib) AS visibility
    FROM weather
    WHERE month = $1 AND day = $2
    GROUP BY origin
    ORDER BY origin";

impl Db {
    /// The kinds of sky, the one with the longest delays first. Each flight counts under one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn skies(&self, subset: Subset) -> Result<Vec<Sky>> {
        let sql = format!(
            "SELECT CASE
                        WHEN precip > 0 AND temp <= 32 THEN 'Snow or ice'
                        WHEN visib < 1 THEN 'Fog'
                        WHEN precip > 0 THEN 'Rain'
                        WHEN wind_speed >= 20 THEN 'Strong wind'
                        ELSE 'Fair'
                    END AS name,
                    CAST(sum(flights) AS BIGINT) AS flights,
                    CAST(sum(flights - departures) AS BIGINT) AS cancelled,
                    CAST(sum(delay) AS FLOAT) / nullif(sum(departures), 0) AS mean_delay
             FROM (
                 SELECT origin, time_hour,
                        count(*) AS flights,
                        count(dep_delay) AS departures,
                        sum(dep_delay) AS delay
                 FROM flights
                 WHERE {}
                 GROUP BY origin, time_hour
             ) AS hours JOIN weather USING (origin, time_hour)
             GROUP BY 1
             ORDER BY mean_delay DESC NULLS LAST",
            subset.condition()
        );
        self.rows(sql, params![subset], |row| {
            Ok(Sky {
                name: row.get("name")?,
                flights: row.get("flights")?,
                cancelled: row.get("cancelled")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }

    /// The weather of a day at the airports of New York. The data lacks it for one day, the last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn weather_of_day(&self, date: Date) -> Result<Vec<AirportWeather>> {
        self.rows(WEATHER_OF_DAY, params![date.month(), date.day()], |row| {
            Ok(AirportWeather {
                origin: row.get("origin")?,
                coldest: row.get("coldest")?,
                warmest: row.get("warmest")?,
                wind: row.get("wind")?,
                rain: row.get("rain")?,
                visibility: row.get("visibility")?,
            })
        })
        .await
    }
}
