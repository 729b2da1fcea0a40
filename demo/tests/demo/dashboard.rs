//! The page as its readers get it: streamed, and whole.

use anabranch_paint::dom;
use axum::http::{StatusCode, header};
use demo::db::Db;

use crate::queue::Queue;
use crate::stores::{flights, on_every_store};
use crate::support::{BOT, BROWSER, frame, get, site, text};
use crate::whole::{PAGES, assert_streamed_equals_whole, timeless};

/// What stands in the shell.
const HEADINGS: [&str; 9] = [
    "The year in six numbers",
    "Delays grow with the day",
    "Weather against delay",
    "The year, day by day",
    "The worst days",
    "Carriers compared",
    "The busiest routes",
    "Old planes are not late planes",
    "The price of fuel",
];

/// What only the boundaries bring, one text for each of them.
const CONTENTS: [&str; 13] = [
    "336,776",
    "<strong>19:00</strong>",
    "Snow or ice",
    "Calendar of 2013.",
    "Fri 8 March",
    "wind to 33 mph",
    "ExpressJet Airlines",
    "General Edward Lawrence Logan",
    "Los Angeles",
    "Hartsfield Jackson Atlanta",
    "<strong>3,252</strong>",
    "No fuel prices.",
    "The last of 12 boundaries",
];

#[tokio::test]
async fn the_shell_leaves_before_any_query_could_run() {
    let (db, queue) = Queue::flights().await;
    let release = queue.hold();
    let response = get(demo::site(db), "/", BROWSER).await;
    assert_eq!(response.status(), StatusCode::OK);

    let mut body = response.into_body();
    let shell = frame(&mut body).await;
    for heading in HEADINGS {
        assert!(shell.contains(heading), "{heading} in the shell");
    }
    for content in CONTENTS {
        assert!(!shell.contains(content), "{content} in the shell");
    }
    assert!(shell.contains("aria-busy=\"true\""));

    drop(release);
    let patches = text(body).await;
    for content in CONTENTS {
        assert!(patches.contains(content), "{content} in a patch");
    }
}

#[tokio::test]
async fn a_bot_gets_the_page_whole_as_it_is_with_all_patches_applied() {
    let app = site().await;
    let whole = text(get(app.clone(), "/", BOT).await.into_body()).await;
    for text in HEADINGS.iter().chain(&CONTENTS) {
        assert!(whole.contains(text), "{text} in the page");
    }
    for absent in ["<?", "<template", "<script", "aria-busy"] {
        assert!(!whole.contains(absent), "{absent} in the page");
    }

    let patches = assert_streamed_equals_whole(app, "/").await;
    assert!(patches >= 13);
}

#[tokio::test]
async fn an_airport_can_be_chosen() {
    let page = text(get(site().await, "/?origin=JFK", BOT).await.into_body()).await;
    assert!(page.contains("A year of flights from Kennedy"));
    assert!(page.contains("111,279"));
    assert!(page.contains("<a href=\"/?origin=JFK\" aria-current=\"page\">"));
    assert!(!page.contains(">Hartsfield Jackson Atlanta</a></th>"));
    // The data has no name for San Juan.
    assert!(page.contains("<th scope=\"row\"><a href=\"/airports/SJU\">SJU</a></th>"));
}

#[tokio::test]
async fn an_unknown_airport_is_not_found() {
    for path in ["/?origin=XYZ", "/?origin=jfk", "/?origin=", "/nowhere"] {
        for agent in [BROWSER, BOT] {
            let response = get(site().await, path, agent).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            let page = text(response.into_body()).await;
            assert!(page.contains("Nothing departs from here"), "{path}");
        }
    }
}

on_every_store!(flights; a_client_that_goes_leaves_no_query_behind);

async fn a_client_that_goes_leaves_no_query_behind(db: &Db) {
    let all = db.idle_connections();
    let mut body = get(demo::site(db.clone()), "/", BROWSER).await.into_body();
    frame(&mut body).await;
    drop(body);
    // Queries that wait for a connection are gone, those that have one stop.
    db.ping().await.unwrap();
    while db.idle_connections() < all {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn postgres_shows_what_sqlite_shows() {
    let Some(db) = flights::postgres().await else {
        return;
    };
    let postgres = demo::site(db);
    for path in PAGES.into_iter().chain(["/"]) {
        let [one, other] = [site().await, postgres.clone()].map(|site| get(site, path, BOT));
        let [one, other] = [one.await, other.await].map(|page| text(page.into_body()));
        let [one, other] = [one.await, other.await].map(|page| {
            let page = timeless(&page);
            dom::whole(page.as_bytes()).unwrap()
        });
        if let Some(difference) = dom::first_difference(&one, &other) {
            panic!("{path}: {difference}");
        }
    }
    assert_streamed_equals_whole(postgres, "/").await;
}

#[tokio::test]
async fn the_policy_allows_the_style_by_its_hash() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    // The page for an unknown path has the same style, and no queries.
    let response = get(site().await, "/nowhere", BOT).await;
    let policy = response.headers()[header::CONTENT_SECURITY_POLICY].clone();
    let policy = policy.to_str().unwrap();
    assert!(!policy.contains("unsafe"));
    let page = text(response.into_body()).await;
    assert!(!page.contains("style=\""));
    let (_, rest) = page.split_once("<style>").unwrap();
    let (style, _) = rest.split_once("</style>").unwrap();
    let hash = STANDARD.encode(Sha256::digest(style));
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")));
}

#[tokio::test]
async fn health_and_icon_are_served() {
    let health = get(site().await, "/health", BROWSER).await;
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(text(health.into_body()).await, "ok\n");
    let icon = get(site().await, "/icon.svg", BROWSER).await;
    assert_eq!(icon.headers()[header::CONTENT_TYPE], "image/svg+xml");
}
