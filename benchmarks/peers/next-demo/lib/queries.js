// The questions that the pages ask: the statements of the demo, word for word.

import { rows } from "./db.js";

/** What a flight of the subset fulfils: of all of them, or of those from one airport. */
const condition = (origin) => (origin ? "origin = $1" : "CAST($1 AS TEXT) IS NULL");

export async function totals(origin) {
  const [row] = await rows(
    `SELECT count(*) AS flights,
           count(*) - count(dep_time) AS cancelled,
           count(arr_delay) AS arrivals,
           count(*) FILTER (WHERE arr_delay < 15) AS on_time,
           avg(CAST(dep_delay AS FLOAT)) AS mean_delay,
           count(DISTINCT dest) AS destinations,
           count(DISTINCT tailnum) AS planes,
           count(DISTINCT carrier) AS carriers,
           coalesce(sum(distance) FILTER (WHERE dep_time IS NOT NULL), 0) AS miles
    FROM flights
    WHERE ${condition(origin)}`,
    [origin],
  );
  return row;
}

export const hours = (origin) =>
  rows(
    `SELECT hour, count(*) AS flights, avg(CAST(dep_delay AS FLOAT)) AS mean_delay
    FROM flights
    WHERE dep_delay IS NOT NULL AND ${condition(origin)}
    GROUP BY hour
    ORDER BY hour`,
    [origin],
  );

export const skies = (origin) =>
  rows(
    `SELECT CASE
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
        WHERE ${condition(origin)}
        GROUP BY origin, time_hour
    ) AS hours JOIN weather USING (origin, time_hour)
    GROUP BY 1
    ORDER BY mean_delay DESC NULLS LAST`,
    [origin],
  );

export const days = (origin) =>
  rows(
    `SELECT month, day,
           count(*) AS flights,
           count(*) - count(dep_time) AS cancelled,
           avg(CAST(dep_delay AS FLOAT)) AS mean_delay
    FROM flights
    WHERE ${condition(origin)}
    GROUP BY month, day
    ORDER BY month, day`,
    [origin],
  );

export const hoursOfDay = (origin, { month, day }) =>
  rows(
    `SELECT flights.hour AS hour,
           count(*) AS flights,
           count(*) - count(dep_time) AS cancelled,
           avg(CAST(dep_delay AS FLOAT)) AS mean_delay,
           max(precip) AS rain,
           max(CASE WHEN wind_gust > wind_speed THEN wind_gust ELSE wind_speed END) AS wind,
           min(visib) AS visibility
    FROM flights LEFT JOIN weather USING (origin, time_hour)
    WHERE flights.month = $2 AND flights.day = $3 AND (CAST($1 AS TEXT) IS NULL OR origin = $1)
    GROUP BY flights.hour
    ORDER BY flights.hour`,
    [origin, month, day],
  );

export const largestCarriers = (origin, limit) =>
  rows(
    `SELECT largest.*, airlines.name AS name
    FROM (
        SELECT carrier,
               count(*) AS flights,
               count(*) - count(dep_time) AS cancelled,
               count(arr_delay) AS arrivals,
               count(*) FILTER (WHERE arr_delay < 15) AS on_time,
               avg(CAST(arr_delay AS FLOAT)) AS mean_delay
        FROM flights
        WHERE ${condition(origin)}
        GROUP BY carrier
        ORDER BY flights DESC, carrier
        LIMIT $2
    ) AS largest JOIN airlines USING (carrier)
    ORDER BY flights DESC, carrier`,
    [origin, limit],
  );

export const busiestRoutes = (origin, limit) =>
  rows(
    `SELECT busiest.*, airports.name AS name
    FROM (
        SELECT origin, dest, count(*) AS flights, min(distance) AS distance,
               avg(CAST(arr_delay AS FLOAT)) AS mean_delay
        FROM flights
        WHERE ${condition(origin)}
        GROUP BY origin, dest
        ORDER BY flights DESC, dest
        LIMIT $2
    ) AS busiest LEFT JOIN airports ON airports.faa = dest
    ORDER BY flights DESC, dest`,
    [origin, limit],
  );

export const planesByAge = (origin) =>
  rows(
    `SELECT 5 * CASE WHEN planes.year > 1988 THEN (2013 - planes.year) / 5 ELSE 5 END AS "from",
           count(*) AS planes,
           CAST(sum(flights) AS BIGINT) AS flights,
           CAST(sum(delay) AS FLOAT) / nullif(sum(departures), 0) AS mean_delay
    FROM (
        SELECT tailnum,
               count(*) AS flights,
               count(dep_delay) AS departures,
               sum(dep_delay) AS delay
        FROM flights
        WHERE ${condition(origin)}
        GROUP BY tailnum
    ) AS seen JOIN planes USING (tailnum)
    WHERE planes.year IS NOT NULL
    GROUP BY 1
    ORDER BY 1`,
    [origin],
  );

/** Fails: nycflights13 has no such table. */
export const fuelPrices = () => rows("SELECT month, dollars FROM fuel_prices ORDER BY month");

/** The account of a session that has not ended, by the hash of its token. */
export async function account(token) {
  const sql = "SELECT account FROM sessions WHERE token = $1 AND expires > unixepoch()";
  const [row] = await rows(sql, [token]);
  return row?.account;
}

/** The key that signs cookies. */
export async function signingKey() {
  const [row] = await rows("SELECT value FROM keys WHERE name = 'cookies'");
  return row.value;
}

export const newestNotes = (limit) =>
  rows(
    `SELECT notes.id AS note, kind, text, author, flights.*, 0 AS notes
    FROM notes JOIN flights ON flights.id = notes.flight
    ORDER BY notes.id DESC LIMIT $1`,
    [limit],
  );
