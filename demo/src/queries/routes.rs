//! Where the flights go, and who flies them.

use crate::db::{Db, Result, params};
use crate::queries::Subset;

/// A route out of one of the airports of New York.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Route {
    /// Code of the airport of New York.
    pub origin: String,
    /// Code of the airport at the other end.
    pub dest: String,
    /// Its name. The data has none for the four airports in the Caribbean.
    pub name: Option<String>,
    /// Flights in the timetable.
    pub flights: u32,
    /// Length in miles.
    pub distance: u32,
    /// Minutes between the planned and the true arrival, if any flight arrived.
    pub mean_delay: Option<f64>,
}

/// An airline with its flights.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Carrier {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Flights in the timetable.
    pub flights: u32,
    /// Flights that never left.
    pub cancelled: u32,
    /// Flights whose delay on arrival is known.
    pub arrivals: u32,
    /// Arrivals less than fifteen minutes late.
    pub on_time: u32,
    /// Minutes between the planned and the true arrival, if any flight arrived.
    pub mean_delay: Option<f64>,
}

impl Db {
    /// The routes that are flown most.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn busiest_routes(&self, subset: Subset, limit: u8) -> Result<Vec<Route>> {
        let sql = format!(
            "SELECT busiest.*, airports.name AS name
             FROM (
                 SELECT origin, dest, count(*) AS flights, min(distance) AS distance,
                        avg(CAST(arr_delay AS FLOAT)) AS mean_delay
                 FROM flights
                 WHERE {}
                 GROUP BY origin, dest
                 ORDER BY flights DESC, dest
                 LIMIT $2
             ) AS busiest LEFT JOIN airports ON airports.faa = dest
             ORDER BY flights DESC, dest",
            subset.condition()
        );
        self.rows(sql, params![subset, limit], |row| {
            Ok(Route {
                origin: row.get("origin")?,
                dest: row.get("dest")?,
                name: row.get("name")?,
                flights: row.get("flights")?,
                distance: row.get("distance")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }

    /// The airlines with the most flights.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn largest_carriers(&self, subset: Subset, limit: u8) -> Result<Vec<Carrier>> {
        let sql = format!(
            "SELECT largest.*, airlines.name AS name
             FROM (
                 SELECT carrier,
                        count(*) AS flights,
                        count(*) - count(dep_time) AS cancelled,
                        count(arr_delay) AS arrivals,
                        count(*) FILTER (WHERE arr_delay < 15) AS on_time,
                        avg(CAST(arr_delay AS FLOAT)) AS mean_delay
                 FROM flights
                 WHERE {}
                 GROUP BY carrier
                 ORDER BY flights DESC, carrier
                 LIMIT $2
             ) AS largest JOIN airlines USING (carrier)
             ORDER BY flights DESC, carrier",
            subset.condition()
        );
        self.rows(sql, params![subset, limit], |row| {
            Ok(Carrier {
                code: row.get("carrier")?,
                name: row.get("name")?,
                flights: row.get("flights")?,
                cancelled: row.get("cancelled")?,
                arrivals: row.get("arrivals")?,
                on_time: row.get("on_time")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }
}
