//! The pages beside the dashboard: what they say, and with which status.

use axum::http::{StatusCode, header};
use futures_util::FutureExt;

use crate::queue::Queue;
use crate::support::{BOT, BROWSER, answered, frame, get, site, text};

#[tokio::test]
async fn airports_are_listed_and_searched() {
    let all = answered("/airports", 200).await;
    assert!(all.contains("105 airports"));
    assert!(all.contains("<a href=\"/airports/ATL\">Hartsfield Jackson Atlanta</a>"));

    let found = answered("/airports?q=%20san", 200).await;
    assert!(found.contains("4 airports with “san”, 17,083 flights"));
    assert!(found.contains("<a href=\"/airports/SFO\">San Francisco</a>"));
    assert!(!found.contains("/airports/ATL"));
    assert!(found.contains("value=\"san\""));
    assert!(found.contains("<meta name=\"robots\" content=\"noindex\">"));
}

#[tokio::test]
async fn a_search_that_finds_nothing_says_so_and_helps() {
    let page = answered("/airports?q=%3Cscript%3E", 200).await;
    assert!(page.contains("No airport has “&lt;script&gt;” in its code or name."));
    assert!(page.contains("all airports"));
}

#[tokio::test]
async fn an_airport_has_a_header_tabs_and_cards() {
    let page = answered("/airports/BOS", 200).await;
    let texts = [
        "<title>General Edward Lawrence Logan – a year of flights</title>",
        "42.36° N, 71.01° W",
        "<a href=\"/airports/BOS\" aria-current=\"page\">Overview</a>",
        "<a href=\"/airports/BOS/days\">Day by day</a>",
        "15,508",
        "Delays by the hour",
        "31.2 % cancelled",
        "<a href=\"/airlines/B6\">JetBlue Airways</a>",
        "From New York",
        "Month by month",
    ];
    for text in texts {
        assert!(page.contains(text), "{text}");
    }
    let origin = answered("/airports/JFK", 200).await;
    assert!(origin.contains("The busiest routes") && origin.contains(">70</dd>"));
    let nameless = answered("/airports/SJU", 200).await;
    assert!(nameless.contains("the data has no name for it"));

    let days = answered("/airports/BOS/days", 200).await;
    assert!(days.contains("<a href=\"/airports/BOS/days\" aria-current=\"page\">"));
    assert!(days.contains("Logan, day by day"));
    assert!(days.contains("Calendar of 2013."));
}

/// Each step takes its place in the queue for the only connection before the next one of the page
/// does, so the page waits where the test wants it to.
#[tokio::test]
async fn an_airport_comes_in_three_steps() {
    let (db, queue) = Queue::flights().await;
    let before_header = queue.hold();
    let mut response = Box::pin(get(demo::site(db), "/airports/BOS", BROWSER));
    assert!(response.as_mut().now_or_never().is_none());

    let before_page = queue.hold();
    drop(before_header);
    let response = response.await;
    assert_eq!(response.status(), StatusCode::OK);
    let mut body = response.into_body();
    let header = frame(&mut body).await;
    assert!(header.contains("General Edward Lawrence Logan"));
    assert!(header.contains("aria-busy=\"true\""));
    assert!(!header.contains("15,508") && !header.contains("Airlines compared"));

    let before_cards = queue.hold();
    drop(before_page);
    let page = frame(&mut body).await;
    assert!(page.contains("15,508") && page.contains("Airlines compared"));
    assert!(!page.contains("Snow or ice"));

    drop(before_cards);
    assert!(text(body).await.contains("Snow or ice"));
}

#[tokio::test]
async fn airlines_are_compared_and_shown() {
    let all = answered("/airlines", 200).await;
    assert_eq!(all.matches("<a href=\"/airlines/").count(), 16);

    let united = answered("/airlines/UA", 200).await;
    for text in [
        "<title>United Air Lines –",
        "58,665",
        "/planes/N502UA",
        "757-222",
        "/airports/ORD",
    ] {
        assert!(united.contains(text), "{text}");
    }
}

#[tokio::test]
async fn a_plane_has_its_year() {
    let page = answered("/planes/N14228", 200).await;
    let texts = [
        "Boeing 737-824, built in 1999, 149 seats, 2 engines (turbo-fan).",
        "<a href=\"/airlines/UA\">United Air Lines Inc.</a>",
        "171,713",
        "Routes flown",
        "<strong>14 years</strong> old: one of 1,096 planes of 10–14 years.",
        // No mean where there is nothing to count.
        "November: 0 flights<",
    ];
    for text in texts {
        assert!(page.contains(text), "{text}");
    }
    let unknown = answered("/planes/N725MQ", 200).await;
    assert!(unknown.contains("The registry knows nothing of this plane."));
    assert!(!unknown.contains("Its age among the others"));
}

#[tokio::test]
async fn the_days_are_links() {
    let page = answered("/flights", 200).await;
    assert_eq!(page.matches("<a class=\"heat-").count(), 365);
    assert!(page.contains("href=\"/flights/2013-12-31\""));
    assert!(page.contains("Fri 8 March: 979 flights, 83.5 minutes late"));
}

#[tokio::test]
async fn a_day_has_its_flights() {
    let page = answered("/flights/2013-07-04", 200).await;
    let texts = [
        "<title>Thursday, 4 July 2013 – flights from New York</title>",
        "<link rel=\"canonical\" href=\"/flights/2013-07-04\">",
        "rel=\"prev\">← 3 July</a>",
        ">737</dd>",
        "77 to 89",
        "276 of 365 days were worse.",
        "50 of 737",
        "<a href=\"/planes/N172US\">N172US</a>",
    ];
    for text in texts {
        assert!(page.contains(text), "{text}");
    }
    let next = "/flights/2013-07-04?after=253396#flights";
    assert!(page.contains(next), "{next}");
    let rest = answered("/flights/2013-07-04?after=253396", 200).await;
    assert!(rest.contains("From the first"));
    assert!(!rest.contains("N172US"));

    let first = answered("/flights/2013-01-01", 200).await;
    assert!(!first.contains("rel=\"prev\""));
    let last = answered("/flights/2013-12-31", 200).await;
    assert!(!last.contains("2014"));
    assert!(last.contains("The data has no weather of this day."));
}

#[tokio::test]
async fn a_date_with_slashes_leads_to_its_one_address() {
    let response = get(site().await, "/flights/2013/07/04", BROWSER).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    assert_eq!(response.headers()[header::LOCATION], "/flights/2013-07-04");
}

#[tokio::test]
async fn about_is_html_inside_the_layout() {
    let page = answered("/about", 200).await;
    assert!(page.contains("<h1>About this site</h1>"));
    assert!(page.contains("<a href=\"/about\" aria-current=\"page\">About</a>"));
    let response = get(site().await, "/about", BROWSER).await;
    assert!(!text(response.into_body()).await.contains("<script"));
}

#[tokio::test]
async fn what_does_not_exist_is_a_404_with_the_nearest_view() {
    let pages = [
        ("/nowhere", "Nothing departs from here"),
        ("/Airports", "Nothing departs from here"),
        ("/api", "Nothing departs from here"),
        ("/api/flights/1", "Nothing departs from here"),
        ("/planes", "Nothing departs from here"),
        ("/airports/XXX", "No flight goes there"),
        ("/airports/bos", "No flight goes there"),
        ("/airports/AAP", "No flight goes there"),
        ("/airports/XXX/days", "No flight goes there"),
        ("/airports/BOS/nights", "No flight goes there"),
        ("/airlines/ZZ", "No such airline"),
        ("/airlines/ua", "No such airline"),
        ("/planes/N0", "This plane was not seen"),
        ("/flights/2013-02-30", "No flights on that day"),
        ("/flights/2014-01-01", "No flights on that day"),
        ("/flights/garbage", "No flights on that day"),
        ("/flights/2013", "No flights on that day"),
        ("/flights/2013/07", "No flights on that day"),
        ("/flights/2013-07-04/x", "No flights on that day"),
        ("/flights/2013-07-04?after=1", "No flights on that day"),
        ("/flights/2013-07-04?after=999999", "No flights on that day"),
    ];
    for (path, text) in pages {
        let page = answered(path, 404).await;
        assert!(page.contains(text), "{path}");
        assert!(page.contains("<nav"), "{path} inside the layout");
    }
}

#[tokio::test]
async fn an_unusual_spelling_leads_to_the_usual_one() {
    for (path, location) in [
        ("/airports/", "/airports"),
        ("//airports", "/airports"),
        ("/%61irports?q=b", "/airports?q=b"),
    ] {
        let response = get(site().await, path, BOT).await;
        assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT, "{path}");
        assert_eq!(response.headers()[header::LOCATION], location, "{path}");
    }
}
