//! The planes by their age.

use crate::db::Db;
use crate::queries::Origin;

/// Planes whose age falls into the same five years.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AgeGroup {
    /// Age in years of the youngest plane that belongs here: 0, 5, 10, 15, 20, or 25 and above.
    pub from: u8,
    /// Different planes.
    pub planes: u32,
    /// Their flights in the timetable.
    pub flights: u32,
    /// Minutes between the planned and the true departure.
    pub mean_delay: f64,
}

const AGES: &str = "
    SELECT min((2013 - planes.year) / 5, 5) * 5 AS \"from\",
           count(*) AS planes,
           sum(flights) AS flights,
           total(delay) / sum(departures) AS mean_delay
    FROM (
        SELECT tailnum,
               count(*) AS flights,
               count(dep_delay) AS departures,
               sum(dep_delay) AS delay
        FROM flights
        WHERE ?1 IS NULL OR origin = ?1
        GROUP BY tailnum
    ) JOIN planes USING (tailnum)
    WHERE planes.year IS NOT NULL
    GROUP BY 1
    ORDER BY 1";

impl Db {
    /// The planes by age, the youngest first. Planes of unknown age are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn planes_by_age(&self, origin: Option<Origin>) -> rusqlite::Result<Vec<AgeGroup>> {
        self.rows(AGES, (origin,), |row| {
            Ok(AgeGroup {
                from: row.get("from")?,
                planes: row.get("planes")?,
                flights: row.get("flights")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }
}
