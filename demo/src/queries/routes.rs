//! Where the flights go, and who flies them.

use crate::db::Db;
use crate::queries::Origin;

/// A route out of one of the airports.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Route {
    /// Code of the airport at the other end.
    pub dest: String,
    /// Its name. The data has none for the four airports in the Caribbean.
    pub name: Option<String>,
    /// Flights in the timetable.
    pub flights: u32,
    /// Length in miles.
    pub distance: u32,
    /// Minutes between the planned and the true arrival.
    pub mean_delay: f64,
}

const ROUTES: &str = "
    SELECT busiest.*, airports.name AS name
    FROM (
        SELECT dest, count(*) AS flights, min(distance) AS distance, avg(arr_delay) AS mean_delay
        FROM flights
        WHERE origin = ?1
        GROUP BY dest
        ORDER BY flights DESC
        LIMIT ?2
    ) AS busiest LEFT JOIN airports ON airports.faa = dest
    ORDER BY flights DESC";

/// An airline, over the whole year.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Carrier {
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
    /// Minutes between the planned and the true arrival.
    pub mean_delay: f64,
}

const CARRIERS: &str = "
    SELECT largest.*, airlines.name AS name
    FROM (
        SELECT carrier,
               count(*) AS flights,
               sum(dep_time IS NULL) AS cancelled,
               count(arr_delay) AS arrivals,
               sum(arr_delay < 15) AS on_time,
               avg(arr_delay) AS mean_delay
        FROM flights
        WHERE ?1 IS NULL OR origin = ?1
        GROUP BY carrier
        ORDER BY flights DESC
        LIMIT ?2
    ) AS largest JOIN airlines USING (carrier)
    ORDER BY flights DESC";

impl Db {
    /// The routes out of an airport that are flown most.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn busiest_routes(&self, origin: Origin, limit: u8) -> rusqlite::Result<Vec<Route>> {
        self.rows(ROUTES, (origin, limit), |row| {
            Ok(Route {
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
    pub async fn largest_carriers(
        &self,
        origin: Option<Origin>,
        limit: u8,
    ) -> rusqlite::Result<Vec<Carrier>> {
        self.rows(CARRIERS, (origin, limit), |row| {
            Ok(Carrier {
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
