//! The airports at both ends of the flights.

use crate::db::{Db, Error, Result, params};

/// An airport where a flight of the year starts or ends.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Airport {
    /// Its code.
    pub code: String,
    /// Where it is. The data does not know that of the four airports in the Caribbean.
    pub place: Option<Place>,
}

/// Where an airport is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Place {
    /// Name of the airport.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Feet above the sea.
    pub altitude: i32,
    /// Name of the time zone, such as `America/New_York`.
    pub time_zone: Option<String>,
}

impl Airport {
    /// The name without what all airports are called, or the code where there is none.
    #[must_use]
    pub fn short_name(&self) -> &str {
        let name = self.place.as_ref().map(|place| place.name.as_str());
        short_name(&self.code, name)
    }
}

/// The name without what all airports are called, or the code where there is none.
pub(crate) fn short_name<'a>(code: &'a str, name: Option<&'a str>) -> &'a str {
    name.unwrap_or(code).trim_end_matches(" Intl")
}

const AIRPORT: &str = "
    SELECT code, name, lat, lon, alt, tzone
    FROM (
        SELECT $1 AS code
        WHERE EXISTS (SELECT 1 FROM flights WHERE origin = $1)
           OR EXISTS (SELECT 1 FROM flights WHERE dest = $1)
    ) AS flown LEFT JOIN airports ON faa = code";

/// An airport that is flown to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Destination {
    /// Its code.
    pub code: String,
    /// Its name. The data has none for the four airports in the Caribbean.
    pub name: Option<String>,
    /// Flights in the timetable.
    pub flights: u32,
    /// Airlines that fly there.
    pub carriers: u32,
    /// Miles from the nearest of the airports of New York.
    pub distance: u32,
    /// Minutes between the planned and the true arrival, if any flight arrived.
    pub mean_delay: Option<f64>,
}

const DESTINATIONS: &str = "
    SELECT dest, name, flights, carriers, distance, mean_delay
    FROM (
        SELECT dest, count(*) AS flights, count(DISTINCT carrier) AS carriers,
               min(distance) AS distance, avg(CAST(arr_delay AS FLOAT)) AS mean_delay
        FROM flights
        GROUP BY dest
    ) AS flown LEFT JOIN airports ON faa = dest
    WHERE instr(lower(dest), lower($1)) > 0 OR instr(lower(name), lower($1)) > 0
    ORDER BY flights DESC, dest";

impl Db {
    /// The airport with this code, which is case-sensitive, if a flight starts or ends there.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn airport(&self, code: String) -> Result<Option<Airport>> {
        self.row(AIRPORT, params![code], |row| {
            let name: Option<String> = row.get("name")?;
            let place = |name| {
                Ok::<_, Error>(Place {
                    name,
                    latitude: row.get("lat")?,
                    longitude: row.get("lon")?,
                    altitude: row.get("alt")?,
                    time_zone: row.get("tzone")?,
                })
            };
            Ok(Airport {
                code: row.get("code")?,
                place: name.map(place).transpose()?,
            })
        })
        .await
    }

    /// The airports whose code or name holds `text`, the one with the most flights first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn destinations(&self, text: String) -> Result<Vec<Destination>> {
        self.rows(DESTINATIONS, params![text], |row| {
            Ok(Destination {
                code: row.get("dest")?,
                name: row.get("name")?,
                flights: row.get("flights")?,
                carriers: row.get("carriers")?,
                distance: row.get("distance")?,
                mean_delay: row.get("mean_delay")?,
            })
        })
        .await
    }
}
