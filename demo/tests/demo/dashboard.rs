//! The page as its readers get it: streamed, and whole.

use axum::http::{StatusCode, header};

use crate::support::{BOT, BROWSER, flights, flights_over, frame, get, hold, text};
use crate::whole::assert_streamed_equals_whole;

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
    let db = flights_over(1);
    let release = hold(&db);
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
    let app = demo::site(flights());
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
    let page = text(
        get(demo::site(flights()), "/?origin=JFK", BOT)
            .await
            .into_body(),
    )
    .await;
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
            let response = get(demo::site(flights()), path, agent).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            let page = text(response.into_body()).await;
            assert!(page.contains("Nothing departs from here"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_client_that_goes_leaves_no_query_behind() {
    let db = flights_over(1);
    let mut body = get(demo::site(db.clone()), "/", BROWSER).await.into_body();
    frame(&mut body).await;
    drop(body);
    // Queries that wait for the connection are gone, the one that has it stops.
    db.query(|_| Ok(())).await.unwrap();
    assert_eq!(db.idle_connections(), 1);
}

#[tokio::test]
async fn the_policy_allows_the_style_by_its_hash() {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256};

    // The page for an unknown path has the same style, and no queries.
    let response = get(demo::site(flights()), "/nowhere", BOT).await;
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
    let health = get(demo::site(flights()), "/health", BROWSER).await;
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(text(health.into_body()).await, "ok\n");
    let icon = get(demo::site(flights()), "/icon.svg", BROWSER).await;
    assert_eq!(icon.headers()[header::CONTENT_TYPE], "image/svg+xml");
}
