//! What the tests share: databases, and requests.

use std::path::Path;
use std::sync::OnceLock;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, header};
use axum::response::Response;
use demo::db::{Db, Sqlite, TABLES};
use http_body_util::BodyExt;
use tokio::sync::OnceCell;
use tower::ServiceExt;

pub(crate) const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0";
pub(crate) const BOT: &str =
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// Opens the shared database. It is imported once and stays in the target folder.
pub(crate) async fn flights() -> Db {
    flights_over(4).await
}

/// Opens the shared database with a pool of this size.
pub(crate) async fn flights_over(connections: usize) -> Db {
    Db::over(sqlite_over(connections)).await.unwrap()
}

/// The store of the shared database, with a pool of this size.
pub(crate) fn sqlite_over(connections: usize) -> Sqlite {
    static PREPARED: OnceLock<()> = OnceLock::new();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("flights.sqlite");
    PREPARED.get_or_init(|| {
        Sqlite::prepare(&path, &TABLES).expect("the tables import");
    });
    Sqlite::connect(&path, connections).expect("the database opens")
}

/// The site over the shared database.
pub(crate) async fn site() -> Router {
    static SITE: OnceCell<Router> = OnceCell::const_new();
    let site = || async { demo::site(flights().await) };
    SITE.get_or_init(site).await.clone()
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
    let streamed = get(site().await, path, BROWSER).await;
    assert_eq!(streamed.status(), status, "{path} in a browser");
    let whole = get(site().await, path, BOT).await;
    assert_eq!(whole.status(), status, "{path} for a bot");
    text(whole.into_body()).await
}
