//! Status, headers and cookies; and who gets the page whole.

use anabranch::prelude::{Error, ResponseParts, Result, boundary, html, not_found};
use anabranch::{OrNotFound, page};
use anabranch_paint::dom;
use axum::Router;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;

use crate::client::{Client, Reply};
use crate::pages::{document, soon};
use crate::server::Server;

async fn later() -> Result {
    tokio::task::yield_now().await;
    Ok(html! { p { "later" } })
}

async fn fails(error: Error) -> Result {
    tokio::task::yield_now().await;
    Err(error)
}

async fn item(Path(number): Path<u32>, parts: ResponseParts) -> Result {
    let number = (number < 10).then_some(number).or_not_found()?;
    parts.add_cookie(("seen", number.to_string()))?;
    parts.add_cookie(("theme", "dark"))?;
    Ok(document(html! {
        h1 { (number) }
        (boundary(later()).loading(html! { p { "loading" } }))
        (boundary(fails(not_found())).error(|_| html! { p { "nothing" } }))
    }))
}

async fn cached(parts: ResponseParts) -> Result {
    parts.insert_header(CACHE_CONTROL, "public, max-age=60")?;
    Ok(document(html! { (boundary(later())) }))
}

async fn plain() -> Result {
    Ok(document(html! { p { "plain" } }))
}

async fn refuse(_: Request, _: Next) -> Result<Response, StatusCode> {
    Err(StatusCode::FORBIDDEN)
}

async fn server() -> Server {
    let app = Router::new()
        .route("/private", get(page(plain)))
        .route_layer(from_fn(refuse))
        .route("/items/{number}", get(page(item)))
        .route("/cached", get(page(cached)))
        .route("/plain", get(page(plain)));
    Server::start(app).await
}

async fn ask(server: &Server, request: &str) -> Reply {
    soon(async { Client::send(server.address, request).await.reply().await }).await
}

#[tokio::test]
async fn a_streamed_page_says_that_it_is_one() {
    let server = server().await;
    let reply = ask(&server, "GET /items/1 HTTP/1.1\r\nhost: x\r\n").await;
    assert_eq!(reply.status(), "200");
    assert_eq!(reply.all("content-type"), ["text/html; charset=utf-8"]);
    assert_eq!(reply.all("x-accel-buffering"), ["no"]);
    assert_eq!(reply.all("cache-control"), ["private"]);
    assert_eq!(reply.all("transfer-encoding"), ["chunked"]);
    assert_eq!(reply.all("content-length"), [""; 0]);
    assert_eq!(reply.all("set-cookie"), ["seen=1", "theme=dark"]);
    assert!(reply.body.contains("<template for=\"0\">"));
}

#[tokio::test]
async fn a_page_s_own_caching_stays() {
    let server = server().await;
    let reply = ask(&server, "GET /cached HTTP/1.1\r\nhost: x\r\n").await;
    assert_eq!(reply.all("cache-control"), ["public, max-age=60"]);
    assert_eq!(reply.all("x-accel-buffering"), ["no"]);
}

#[tokio::test]
async fn a_page_without_boundaries_is_an_ordinary_response() {
    let server = server().await;
    let reply = ask(&server, "GET /plain HTTP/1.1\r\nhost: x\r\n").await;
    assert_eq!(reply.all("content-length"), [reply.body.len().to_string()]);
    assert_eq!(reply.all("x-accel-buffering"), [""; 0]);
    assert_eq!(reply.all("cache-control"), [""; 0]);
}

const GOOGLEBOT: &str = "user-agent: Mozilla/5.0 (compatible; Googlebot/2.1)\r\n";

#[tokio::test]
async fn who_cannot_take_a_stream_gets_the_page_whole() {
    let server = server().await;
    let streamed = ask(&server, "GET /items/1 HTTP/1.1\r\nhost: x\r\n").await;
    for request in [
        format!("GET /items/1 HTTP/1.1\r\nhost: x\r\n{GOOGLEBOT}"),
        "GET /items/1 HTTP/1.0\r\n".to_owned(),
    ] {
        let reply = ask(&server, &request).await;
        assert_eq!(reply.status(), "200", "{request}");
        assert_eq!(reply.all("content-length"), [reply.body.len().to_string()]);
        assert_eq!(reply.all("set-cookie"), ["seen=1", "theme=dark"]);
        // A shared cache that kept it would give it to browsers.
        assert_eq!(reply.all("cache-control"), ["private"]);
        assert_eq!(reply.all("x-accel-buffering"), [""; 0]);
        assert!(!reply.body.contains("<script"), "{}", reply.body);
        // It refuses markers, patches and scripts of a stream.
        let whole = dom::whole(reply.body.as_bytes()).unwrap();
        // The page renders no Head, so a late noindex stays where its boundary is: in both.
        assert_eq!(whole, streamed.assembled());
    }
}

#[tokio::test]
async fn head_has_the_length_of_the_whole_page_and_no_body() {
    let server = server().await;
    let crawled = ask(
        &server,
        &format!("GET /items/1 HTTP/1.1\r\nhost: x\r\n{GOOGLEBOT}"),
    )
    .await;
    let reply = ask(&server, "HEAD /items/1 HTTP/1.1\r\nhost: x\r\n").await;
    assert_eq!(reply.status(), "200");
    assert_eq!(
        reply.all("content-length"),
        [crawled.body.len().to_string()]
    );
    assert_eq!(reply.body, "");
}

#[tokio::test]
async fn what_is_known_before_the_first_byte_is_a_real_status() {
    let server = server().await;
    for (path, status) in [
        ("/items/11", "404"),
        ("/items/none", "400"),
        ("/private", "403"),
        ("/nowhere", "404"),
    ] {
        for request in [
            format!("GET {path} HTTP/1.1\r\nhost: x\r\n"),
            format!("GET {path} HTTP/1.1\r\nhost: x\r\n{GOOGLEBOT}"),
            format!("HEAD {path} HTTP/1.1\r\nhost: x\r\n"),
            format!("GET {path} HTTP/1.0\r\n"),
        ] {
            let reply = ask(&server, &request).await;
            assert_eq!(reply.status(), status, "{request}");
            assert_eq!(reply.all("set-cookie"), [""; 0], "{request}");
        }
    }
}
