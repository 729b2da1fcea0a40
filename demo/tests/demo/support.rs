//! What the tests share: databases, and requests.

use std::path::Path;
use std::sync::{OnceLock, mpsc};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use demo::db::{Db, TABLES, prepare};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use tower::ServiceExt;

pub(crate) const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0";
pub(crate) const BOT: &str =
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// Opens the shared database. It is imported once and stays in the target folder.
pub(crate) fn flights() -> Db {
    flights_over(4)
}

/// Opens the shared database with a pool of this size.
pub(crate) fn flights_over(connections: usize) -> Db {
    static PREPARED: OnceLock<()> = OnceLock::new();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flights.sqlite");
    PREPARED.get_or_init(|| {
        prepare(&path, &TABLES).expect("the tables import");
    });
    Db::connect(&path, connections).expect("the database opens")
}

/// The site over the shared database.
pub(crate) fn site() -> Router {
    static SITE: OnceLock<Router> = OnceLock::new();
    SITE.get_or_init(|| demo::site(flights())).clone()
}

/// Asks for a page as a browser or a bot does.
pub(crate) async fn get(site: Router, path: &str, agent: &str) -> Response {
    let request = Request::get(path)
        .header(header::USER_AGENT, agent)
        .body(Body::empty())
        .unwrap();
    site.oneshot(request).await.unwrap()
}

/// The text of a whole body.
pub(crate) async fn text(body: Body) -> String {
    let bytes = body.collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.into()).unwrap()
}

/// The next frame of a body.
pub(crate) async fn frame(body: &mut Body) -> String {
    let frame = body.frame().await.unwrap().unwrap();
    String::from_utf8(frame.into_data().unwrap().into()).unwrap()
}

/// The text that a browser and a bot get, who are both answered with this status.
pub(crate) async fn answered(path: &str, status: u16) -> String {
    let streamed = get(site(), path, BROWSER).await;
    assert_eq!(streamed.status(), status, "{path} in a browser");
    let whole = get(site(), path, BOT).await;
    assert_eq!(whole.status(), status, "{path} for a bot");
    text(whole.into_body()).await
}

/// Takes the next connection of `db` that is free, or takes a place in the queue for one, and keeps
/// it until the returned sender is dropped.
pub(crate) fn hold(db: &Db) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let db = db.clone();
    let mut query = Box::pin(async move {
        db.query(move |_| {
            released.recv().unwrap_err();
            Ok(())
        })
        .await
    });
    // Polled once, it has its place.
    assert!(query.as_mut().now_or_never().is_none());
    tokio::spawn(query);
    release
}
