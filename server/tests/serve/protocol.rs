//! What every client expects.

use anabranch_server::Connection;
use axum::Extension;
use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};

use crate::client::status;
use crate::running::Running;

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/echo", post(|body: String| async { body }))
        .route(
            "/peer",
            get(|Extension(connection): Extension<Connection>| async move {
                connection.peer().unwrap().ip().to_string()
            }),
        )
        .route(
            "/stream",
            get(|| async {
                let parts = ["a", "b", "c"].map(Ok::<_, std::convert::Infallible>);
                Body::from_stream(futures_util::stream::iter(parts))
            }),
        )
}

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other() {
    let server = Running::start(app()).await;
    let mut client = server.get("/").await;
    assert!(client.read_to("hello").await.starts_with("HTTP/1.1 200 OK"));
    client
        .send("POST /echo HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody")
        .await;
    client.read_to("body").await;
    client.send("GET /peer HTTP/1.1\r\nhost: x\r\n\r\n").await;
    client.read_to("127.0.0.1").await;
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_order() {
    let server = Running::start(app()).await;
    let mut client = server.connect().await;
    let requests: String = (0..100)
        .map(|n| {
            let path = if n % 2 == 0 { "/stream" } else { "/peer" };
            format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n")
        })
        .collect();
    client.send(&requests).await;
    for _ in 0..50 {
        client.read_to("1\r\nc\r\n0\r\n\r\n").await;
        client.read_to("127.0.0.1").await;
    }
}

#[tokio::test]
async fn a_head_in_pieces_is_one() {
    let server = Running::start(app()).await;
    let mut client = server.connect().await;
    for part in ["P", "RI", " / HTTP/1.1\r\nho", "st: x\r\n", "\r\n"] {
        client.send(part).await;
        tokio::task::yield_now().await;
    }
    // PRI is a method like any other, until it is the preface of HTTP/2.
    assert_eq!(status(&client.read_to("\r\n\r\n").await), "405");
}

#[tokio::test]
async fn expect_continue_is_answered_when_the_body_is_read() {
    let server = Running::start(app()).await;
    let mut client = server.connect().await;
    client
        .send("POST /echo HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n")
        .await;
    client.read_to("HTTP/1.1 100 Continue\r\n\r\n").await;
    client.send("hi").await;
    client.read_to("\r\n\r\nhi").await;
}

#[tokio::test]
async fn http_1_0_needs_no_host_and_gets_a_close() {
    let server = Running::start(app()).await;
    let mut client = server.connect().await;
    client.send("GET /stream HTTP/1.0\r\n\r\n").await;
    let response = client.rest().await.unwrap();
    assert!(response.ends_with("\r\n\r\nabc"), "{response}");
}

#[tokio::test]
async fn no_header_tells_the_server_and_its_version() {
    let server = Running::start(app()).await;
    let mut client = server.get("/").await;
    let head = client.read_to("\r\n\r\n").await.to_lowercase();
    assert!(!head.contains("\r\nserver:"), "{head}");
}

#[cfg(unix)]
#[tokio::test]
async fn a_unix_socket_is_served() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let server = tokio::spawn(anabranch_server::serve(listener, app()));
    let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
    stream
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await
        .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).await.unwrap();
    assert!(response.ends_with("hello"), "{response}");
    server.abort();
}
