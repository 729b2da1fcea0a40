//! The planes: one of them, those of an airline, and all of them by their age.

use crate::date::YEAR;
use crate::db::{Db, Error, Result, Row, params};
use crate::queries::Subset;

/// A plane that flew from New York.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Plane {
    /// Its registration.
    pub tailnum: String,
    /// What the registry says of it. It does not know every plane.
    pub model: Option<Model>,
}

/// What the registry says of a plane.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Model {
    /// Year in which it was made, if known.
    pub year: Option<u16>,
    /// Who made it, in capitals.
    pub manufacturer: String,
    /// The model.
    pub name: String,
    /// Number of its engines.
    pub engines: u8,
    /// Kind of its engines.
    pub engine: String,
    /// Number of its seats.
    pub seats: u16,
}

impl Model {
    /// Years between when it was made and the flights.
    #[must_use]
    pub fn age(&self) -> Option<u16> {
        self.year.map(|year| YEAR.saturating_sub(year))
    }
}

const PLANE: &str = "
    SELECT seen.tailnum AS tailnum, planes.tailnum IS NOT NULL AS known,
           year, manufacturer, model, engines, engine, seats
    FROM (SELECT tailnum FROM flights WHERE tailnum = $1 LIMIT 1) AS seen
         LEFT JOIN planes USING (tailnum)";

/// A plane among others of an airline.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct FleetPlane {
    /// Its registration.
    pub tailnum: String,
    /// Its model, if the registry knows it.
    pub model: Option<String>,
    /// Year in which it was made, if known.
    pub year: Option<u16>,
    /// Flights in the timetable.
    pub flights: u32,
    /// Miles of those that left.
    pub miles: u32,
}

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
    /// Minutes between the planned and the true departure, if any flight left.
    pub mean_delay: Option<f64>,
}

impl AgeGroup {
    /// Whether a plane of this age belongs here.
    #[must_use]
    pub fn holds(&self, age: u16) -> bool {
        u16::from(self.from) == (age / 5).min(5) * 5
    }

    /// The years in words: "5–9".
    #[must_use]
    pub fn years(&self) -> String {
        match self.from {
            from @ 25.. => format!("{from}+"),
            from => format!("{from}–{}", from + 4),
        }
    }
}

impl Db {
    /// The plane with this registration, if it flew from New York.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn plane(&self, tailnum: String) -> Result<Option<Plane>> {
        self.row(PLANE, params![tailnum], |row| {
            let model = |row: &Row| {
                Ok::<_, Error>(Model {
                    year: row.get("year")?,
                    manufacturer: row.get("manufacturer")?,
                    name: row.get("model")?,
                    engines: row.get("engines")?,
                    engine: row.get("engine")?,
                    seats: row.get("seats")?,
                })
            };
            let known: bool = row.get("known")?;
            Ok(Plane {
                tailnum: row.get("tailnum")?,
                model: known.then(|| model(row)).transpose()?,
            })
        })
        .await
    }

    /// The planes with the most flights.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn busiest_planes(&self, subset: Subset, limit: u8) -> Result<Vec<FleetPlane>> {
        let sql = format!(
            "SELECT busiest.*, planes.model AS model, planes.year AS year
             FROM (
                 SELECT tailnum, count(*) AS flights,
                        coalesce(sum(distance) FILTER (WHERE dep_time IS NOT NULL), 0) AS miles
                 FROM flights
                 WHERE tailnum IS NOT NULL AND {}
                 GROUP BY tailnum
                 ORDER BY flights DESC, tailnum
                 LIMIT $2
             ) AS busiest LEFT JOIN planes USING (tailnum)
             ORDER BY flights DESC, tailnum",
            subset.condition()
        );
        self.rows(sql, params![subset, limit], |row| {
            Ok(FleetPlane {
                tailnum: row.get("tailnum")?,
                model: row.get("model")?,
                year: row.get("year")?,
                flights: row.get("flights")?,
                miles: row.get("miles")?,
            })
        })
        .await
    }

    /// The planes by age, the youngest first. Planes of unknown age are left out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn planes_by_age(&self, subset: Subset) -> Result<Vec<AgeGroup>> {
        let sql = format!(
            "SELECT 5 * CASE WHEN planes.year > 1988 THEN (2013 - planes.year) / 5 ELSE 5 END AS \"from\",
                    count(*) AS planes,
                    CAST(sum(flights) AS BIGINT) AS flights,
                    CAST(sum(delay) AS FLOAT) / nullif(sum(departures), 0) AS mean_delay
             FROM (
                 SELECT tailnum,
                        count(*) AS flights,
                        count(dep_delay) AS departures,
                        sum(dep_delay) AS delay
                 FROM flights
                 WHERE {}
                 GROUP BY tailnum
             ) AS seen JOIN planes USING (tailnum)
             WHERE planes.year IS NOT NULL
             GROUP BY 1
             ORDER BY 1",
            subset.condition()
        );
        self.rows(sql, params![subset], |row| {
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
