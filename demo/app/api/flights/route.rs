//! The flights as JSON: `/api/flights?date=2013-07-04&limit=50&after=12345`.
//!
//! # Layout
//! * here: the answer, page by page
//! * `params`: the query string, read strictly

mod params;

use anabranch::prelude::*;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::db::Db;
use crate::queries::Flight;
use params::{Params, Refusal};

/// A part of the list of flights, by day and planned departure.
#[derive(Debug, Serialize)]
struct Listing {
    flights: Vec<Item>,
    /// What `after` is to be for the flights that follow; none after the last.
    next: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Item {
    id: u32,
    date: String,
    carrier: String,
    number: u32,
    tailnum: Option<String>,
    origin: String,
    dest: String,
    distance_miles: u32,
    planned_departure: String,
    departure: Option<String>,
    departure_delay_minutes: Option<i32>,
    arrival_delay_minutes: Option<i32>,
    cancelled: bool,
}

impl From<Flight> for Item {
    fn from(flight: Flight) -> Self {
        Self {
            id: flight.id,
            date: flight.date.iso(),
            planned_departure: flight.planned.to_string(),
            departure: flight.departure.map(|time| time.to_string()),
            departure_delay_minutes: flight.departure_delay,
            arrival_delay_minutes: flight.arrival_delay,
            cancelled: flight.departure.is_none(),
            carrier: flight.carrier,
            number: flight.number,
            tailnum: flight.tailnum,
            origin: flight.origin,
            dest: flight.dest,
            distance_miles: flight.distance,
        }
    }
}

/// A page of flights. A value that cannot be is a 400 that says what could.
pub async fn get(
    State(db): State<Db>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> RouteResult<Response> {
    match Params::read(pairs) {
        Ok(params) => listing(&db, params).await,
        Err(refusal) => Ok(refusal.into_response()),
    }
}

async fn listing(db: &Db, params: Params) -> RouteResult<Response> {
    let position = match params.after {
        None => None,
        Some(id) => {
            let is_listed = |flight: &Flight| params.date.is_none_or(|date| flight.date == date);
            match db.flight(id).await?.filter(is_listed) {
                Some(flight) => Some(flight.position()),
                None => return Ok(Refusal::after(id).into_response()),
            }
        }
    };
    // One more than asked tells whether there are more.
    let mut flights = db.flights(params.date, position, params.limit + 1).await?;
    let more = flights.len() > usize::from(params.limit);
    flights.truncate(params.limit.into());
    let next = flights.last().filter(|_| more).map(|flight| flight.id);
    let flights = flights.into_iter().map(Item::from).collect();
    Ok(Json(Listing { flights, next }).into_response())
}
