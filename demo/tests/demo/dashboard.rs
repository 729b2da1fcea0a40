//! The page as its readers get it: streamed, and whole.

use std::sync::mpsc;

use anabranch_paint::dom;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use demo::db::Db;
use http_body_util::BodyExt;
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::support::{flights, flights_over};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0";
const BOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

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

async fn get(app: Router, path: &str, agent: &str) -> Response {
    let request = Request::get(path)
        .header(header::USER_AGENT, agent)
        .body(Body::empty())
        .unwrap();
    app.oneshot(request).await.unwrap()
}

async fn text(body: Body) -> String {
    let bytes = body.collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.into()).unwrap()
}

async fn frame(body: &mut Body) -> String {
    let frame = body.frame().await.unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().into()).unwrap()
}

/// Takes the only connection of `db` until the returned sender is dropped.
async fn occupy(db: &Db) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (started, has_started) = oneshot::channel();
    let db = db.clone();
    tokio::spawn(async move {
        db.query(move |_| {
            started.send(()).unwrap();
            released.recv().unwrap_err();
            Ok(())
        })
        .await
    });
    has_started.await.unwrap();
    release
}

#[tokio::test]
async fn the_shell_leaves_before_any_query_could_run() {
    let db = flights_over(1);
    let release = occupy(&db).await;
    let response = get(demo::app(db), "/", BROWSER).await;
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
    let app = demo::app(flights());
    let whole = text(get(app.clone(), "/", BOT).await.into_body()).await;
    for text in HEADINGS.iter().chain(&CONTENTS) {
        assert!(whole.contains(text), "{text} in the page");
    }
    for absent in ["<?", "<template", "<script", "aria-busy"] {
        assert!(!whole.contains(absent), "{absent} in the page");
    }

    let streamed = text(get(app, "/", BROWSER).await.into_body()).await;
    // What the page says of time, and the error's id, differ from visit to visit.
    let timeless = |page: &str| {
        let page = without(page, "<p class=\"times\">", "</p>");
        without(&page, "under <code>", "</code>")
    };
    let assembled = dom::assemble(timeless(&streamed).as_bytes()).unwrap();
    let whole = dom::whole(timeless(&whole).as_bytes()).unwrap();
    if let Some(difference) = dom::first_difference(assembled.html(), &whole) {
        panic!("the streamed page is not the whole page: {difference}");
    }
    assert!(assembled.patches().len() >= 13);
}

/// `page` without everything from `start` to the next `end`.
fn without(page: &str, start: &str, end: &str) -> String {
    let mut rest = page;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once(start) {
        kept.push_str(before);
        rest = after.split_once(end).unwrap().1;
    }
    kept + rest
}

#[tokio::test]
async fn an_airport_can_be_chosen() {
    let page = text(
        get(demo::app(flights()), "/?origin=JFK", BOT)
            .await
            .into_body(),
    )
    .await;
    assert!(page.contains("A year of flights from Kennedy"));
    assert!(page.contains("111,279"));
    assert!(page.contains("<a href=\"/?origin=JFK\" aria-current=\"page\">"));
    assert!(!page.contains("Hartsfield Jackson Atlanta Intl</th>"));
    // The data has no name for San Juan.
    assert!(page.contains("<th scope=\"row\">SJU</th>"));
}

#[tokio::test]
async fn an_unknown_airport_is_not_found() {
    for path in ["/?origin=XYZ", "/?origin=jfk", "/?origin=", "/nowhere"] {
        for agent in [BROWSER, BOT] {
            let response = get(demo::app(flights()), path, agent).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            let page = text(response.into_body()).await;
            assert!(page.contains("Nothing departs from here"), "{path}");
        }
    }
}

#[tokio::test]
async fn a_client_that_goes_leaves_no_query_behind() {
    let db = flights_over(1);
    let mut body = get(demo::app(db.clone()), "/", BROWSER).await.into_body();
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
    let response = get(demo::app(flights()), "/nowhere", BOT).await;
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
    let health = get(demo::app(flights()), "/health", BROWSER).await;
    assert_eq!(health.status(), StatusCode::OK);
    assert_eq!(text(health.into_body()).await, "ok\n");
    let icon = get(demo::app(flights()), "/icon.svg", BROWSER).await;
    assert_eq!(icon.headers()[header::CONTENT_TYPE], "image/svg+xml");
}
