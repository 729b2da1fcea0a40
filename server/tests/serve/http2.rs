//! HTTP/2: each stream is on its own.

use std::time::Duration;

use anabranch_server::Server;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures_util::stream;
use http::Request;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::running::{Event, OnDrop, Running, endless};

type Sender = http2::SendRequest<Empty<Bytes>>;

async fn connect(server: &Running) -> Sender {
    connect_with_window(server, 16 << 10).await
}

async fn connect_with_window(server: &Running, window: u32) -> Sender {
    let socket = TcpStream::connect(server.address).await.unwrap();
    let (sender, connection) = http2::Builder::new(TokioExecutor::new())
        .initial_stream_window_size(window)
        .handshake(TokioIo::new(socket))
        .await
        .unwrap();
    tokio::spawn(connection);
    sender
}

async fn get_path(sender: &mut Sender, path: &str) -> http::Response<hyper::body::Incoming> {
    let request = Request::get(format!("http://x{path}"))
        .body(Empty::new())
        .unwrap();
    sender.send_request(request).await.unwrap()
}

fn app() -> (Router, Event) {
    let dropped = Event::new();
    let cut = || async {
        let parts = [Ok("begin"), Err(std::io::Error::other("gone"))];
        Body::from_stream(stream::iter(parts))
    };
    let app = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/endless", get(endless(&dropped)))
        .route("/cut", get(cut));
    (app, dropped)
}

#[tokio::test]
async fn a_stream_that_is_not_read_is_reset_and_its_neighbours_go_on() {
    let (app, dropped) = app();
    let server = Server::new().stall_timeout(Duration::from_millis(100));
    let server = Running::with(server, app).await;
    let mut sender = connect(&server).await;
    let unread = get_path(&mut sender, "/endless").await;
    dropped.happened().await;
    let error = unread.into_body().collect().await.unwrap_err();
    assert!(
        error.to_string().contains("reset") || format!("{error:?}").contains("Reset"),
        "{error:?}"
    );
    let response = get_path(&mut sender, "/").await;
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "hello");
}

/// Content of a response that tells when it is given back.
struct Held(
    Vec<u8>,
    #[expect(dead_code, reason = "it is dropped")] OnDrop,
);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// HTTP/2 takes a frame of any size as soon as there is room for a byte of it.
#[tokio::test]
async fn a_large_frame_that_is_not_read_is_given_back() {
    let dropped = Event::new();
    let at_drop = dropped.clone();
    let large = move || {
        let held = Held(vec![b'x'; 1 << 20], at_drop.on_drop());
        async move { Bytes::from_owner(held) }
    };
    let server = Server::new().stall_timeout(Duration::from_millis(100));
    let server = Running::with(server, Router::new().route("/", get(large))).await;
    let mut sender = connect_with_window(&server, 1).await;
    let unread = get_path(&mut sender, "/").await;
    dropped.happened().await;
    drop(unread);
}

/// Also the last of it, of which h2 has more than the client takes.
#[tokio::test]
async fn the_end_of_a_response_that_is_not_read_is_given_back() {
    let dropped = Event::new();
    let at_drop = dropped.clone();
    let small = move || {
        let held = Held(vec![b'x'; 16 << 10], at_drop.on_drop());
        async move { Bytes::from_owner(held) }
    };
    let app = Router::new()
        .route("/", get(small))
        .route("/open", get(std::future::pending::<()>));
    let server = Server::new().stall_timeout(Duration::from_millis(100));
    let server = Running::with(server, app).await;
    let mut sender = connect_with_window(&server, 1).await;
    let mut other = sender.clone();
    let open = tokio::spawn(async move { get_path(&mut other, "/open").await });
    let unread = get_path(&mut sender, "/").await;
    dropped.happened().await;
    drop(unread);
    open.abort();
}

/// hyper takes the body off on HTTP/1 alone.
#[tokio::test]
async fn a_response_to_head_has_no_body() {
    let panics = || async { panic!("a handler that panics, on purpose") };
    let app = Router::new().route("/", get(async move || -> &'static str { panics().await }));
    let server = Running::start(app).await;
    let mut sender = connect(&server).await;
    let request = Request::head("http://x/").body(Empty::new()).unwrap();
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers()["content-length"], "21");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "");
}

/// Nor from a status that has none.
#[tokio::test]
async fn a_status_without_content_has_no_body() {
    let app = Router::new()
        .route(
            "/204",
            get(|| async { (http::StatusCode::NO_CONTENT, "a body") }),
        )
        .route(
            "/304",
            get(|| async { (http::StatusCode::NOT_MODIFIED, "a body") }),
        );
    let server = Running::start(app).await;
    let mut sender = connect(&server).await;
    for path in ["/204", "/304"] {
        let response = get_path(&mut sender, path).await;
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "", "{path}");
    }
}

#[tokio::test]
async fn a_large_frame_arrives_whole() {
    let content: Vec<u8> = (0..1 << 20).map(|at: u32| (at % 251) as u8).collect();
    let sent = Bytes::from(content.clone());
    let app = Router::new().route("/", get(|| async { sent }));
    let server = Running::start(app).await;
    let mut sender = connect(&server).await;
    let response = get_path(&mut sender, "/").await;
    assert_eq!(response.headers()["content-length"], "1048576");
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body == content, "{} bytes", body.len());
}

#[tokio::test]
async fn who_sends_no_request_behind_the_preface_is_disconnected() {
    let long = Duration::from_secs(600);
    let server = Server::new().idle_timeout(long);
    let server = server.head_timeout(Duration::from_millis(100));
    let server = Running::with(server, app().0).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    socket.write_all(preface).await.unwrap();
    socket.read_to_end(&mut Vec::new()).await.unwrap();
}

#[tokio::test]
async fn a_client_that_goes_takes_its_streams_along() {
    let (app, dropped) = app();
    let server = Running::start(app).await;
    let mut sender = connect(&server).await;
    let open = get_path(&mut sender, "/endless").await;
    drop((sender, open));
    dropped.happened().await;
}

#[tokio::test]
async fn a_body_that_fails_is_a_reset() {
    let (app, _) = app();
    let server = Running::start(app).await;
    let mut sender = connect(&server).await;
    let request = Request::get("http://x/cut").body(Empty::new()).unwrap();
    // The reset may overtake the head.
    let error = match sender.send_request(request).await {
        Ok(response) => response.into_body().collect().await.unwrap_err(),
        Err(error) => error,
    };
    assert!(format!("{error:?}").contains("Reset"), "{error:?}");
}

#[tokio::test]
async fn a_stop_ends_the_connection_behind_its_streams() {
    let (app, _) = app();
    let mut server = Running::start(app).await;
    let mut sender = connect(&server).await;
    let response = get_path(&mut sender, "/").await;
    assert_eq!(
        response.into_body().collect().await.unwrap().to_bytes(),
        "hello"
    );
    server.stop();
    server.ended().await;
    assert!(sender.ready().await.is_err());
}

/// hyper waits for the answer to a ping.
#[tokio::test]
async fn a_client_that_is_silent_does_not_hold_the_server() {
    let server = Server::new().drain(Duration::from_secs(60));
    let mut server = Running::with(server, app().0).await;
    let mut socket = TcpStream::connect(server.address).await.unwrap();
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    socket.write_all(preface).await.unwrap();
    // The server's settings, by which it is known to have begun.
    socket.read_u8().await.unwrap();
    server.stop();
    let ended = tokio::time::timeout(Duration::from_secs(10), server.ended());
    ended
        .await
        .expect("it waits for a client that has nothing open");
}
