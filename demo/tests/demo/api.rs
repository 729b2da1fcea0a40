//! The API: paging, and what it refuses.

use axum::http::{StatusCode, header};
use serde_json::{Value, json};

use crate::support::{BROWSER, get, site, text};

async fn ask(query: &str) -> (StatusCode, Value) {
    let response = get(site().await, &format!("/api/flights{query}"), BROWSER).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
    let status = response.status();
    let body = text(response.into_body()).await;
    (status, serde_json::from_str(&body).unwrap())
}

async fn listing(query: &str) -> (Vec<u64>, Option<u64>) {
    let (status, body) = ask(query).await;
    assert_eq!(status, StatusCode::OK, "{query}: {body}");
    let flights = body["flights"].as_array().unwrap();
    let ids = flights.iter().map(|flight| flight["id"].as_u64().unwrap());
    (ids.collect(), body["next"].as_u64())
}

#[tokio::test]
async fn a_flight_has_all_its_values() {
    let (status, body) = ask("?date=2013-07-04&limit=1").await;
    assert_eq!(status, StatusCode::OK);
    let expected = json!({
        "flights": [{
            "id": 253347,
            "date": "2013-07-04",
            "carrier": "US",
            "number": 1431,
            "tailnum": "N172US",
            "origin": "EWR",
            "dest": "CLT",
            "distance_miles": 529,
            "planned_departure": "05:00",
            "departure": "04:54",
            "departure_delay_minutes": -6,
            "arrival_delay_minutes": -5,
            "cancelled": false,
        }],
        "next": 253347,
    });
    assert_eq!(body, expected);
}

#[tokio::test]
async fn pages_make_up_the_day() {
    let (all, next) = listing("?date=2013-07-04&limit=500").await;
    assert_eq!((all.len(), next), (500, all.last().copied()));
    let mut paged = Vec::new();
    let mut query = "?date=2013-07-04&limit=100".to_owned();
    let last = loop {
        let (ids, next) = listing(&query).await;
        paged.extend(ids);
        match next {
            Some(next) => query = format!("?limit=100&date=2013-07-04&after={next}"),
            None => break paged.len(),
        }
    };
    assert_eq!(last, 737);
    assert_eq!(paged[..500], all);
    paged.sort_unstable();
    paged.dedup();
    assert_eq!(paged.len(), 737);
}

#[tokio::test]
async fn without_a_date_it_is_the_year() {
    let (ids, next) = listing("").await;
    assert_eq!((ids.len(), next), (50, ids.last().copied()));
    assert_eq!(ids[..3], [1, 2, 3]);
    let (end, next) = listing("?after=111279").await;
    assert_eq!((end, next), (vec![111_280], None));
    // A page that ends with the last flight does not promise another.
    let (end, next) = listing("?after=111279&limit=1").await;
    assert_eq!((end, next), (vec![111_280], None));
}

#[tokio::test]
async fn a_bad_value_is_named() {
    let date = "a day of 2013, such as 2013-07-04";
    let limit = "a whole number from 1 to 500";
    let after = "the `next` of a page of the same list";
    let refused = [
        ("?date=2013-02-30", "date", "2013-02-30", date),
        ("?date=2014-01-01", "date", "2014-01-01", date),
        ("?date=2013/07/04", "date", "2013/07/04", date),
        ("?date=", "date", "", date),
        ("?date=%22%3E", "date", "\">", date),
        ("?limit=0", "limit", "0", limit),
        ("?limit=501", "limit", "501", limit),
        ("?limit=-1", "limit", "-1", limit),
        ("?limit=ten", "limit", "ten", limit),
        ("?limit=99999999999", "limit", "99999999999", limit),
        ("?after=x", "after", "x", after),
        ("?after=0", "after", "0", after),
        ("?after=336777", "after", "336777", after),
        // A flight of another day.
        ("?date=2013-07-04&after=1", "after", "1", after),
        (
            "?dtae=2013-07-04",
            "dtae",
            "2013-07-04",
            "only date, limit and after",
        ),
        ("?limit=1&limit=2", "limit", "2", "given once"),
        ("?limit=1&limit=0", "limit", "0", limit),
    ];
    for (query, parameter, value, allowed) in refused {
        let (status, body) = ask(query).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{query}");
        let expected = json!({
            "error": { "parameter": parameter, "value": value, "allowed": allowed }
        });
        assert_eq!(body, expected, "{query}");
    }
}
