//! What the weather does to departures.

use crate::db::Db;
use crate::queries::Origin;

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
    /// Minutes between the planned and the true departure.
    pub mean_delay: f64,
}

const SKIES: &str = "
    SELECT CASE
               WHEN precip > 0 AND temp <= 32 THEN 'Snow or ice'
               WHEN visib < 1 THEN 'Fog'
               WHEN precip > 0 THEN 'Rain'
               WHEN wind_speed >= 20 THEN 'Strong wind'
               ELSE 'Fair'
           END AS name,
           sum(flights) AS flights,
           sum(flights - departures) AS cancelled,
           total(delay) / sum(departures) AS mean_delay
    FROM (
        SELECT origin, time_hour,
               count(*) AS flights,
               count(dep_delay) AS departures,
               sum(dep_delay) AS delay
        FROM flights
        WHERE ?1 IS NULL OR origin = ?1
        GROUP BY origin, time_hour
    ) JOIN weather USING (origin, time_hour)
    GROUP BY 1
    ORDER BY mean_delay DESC";

impl Db {
    /// The kinds of sky, the one with the longest delays first. Each flight counts under one.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn skies(&self, origin: Option<Origin>) -> rusqlite::Result<Vec<Sky>> {
        self.rows(SKIES, (origin,), |row| {
            Ok(Sky {
                name: row.get("name")?,
                flights: row.get("flights")?,
                cancelled: row.get("cancelled")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }
}
