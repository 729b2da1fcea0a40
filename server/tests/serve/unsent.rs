//! What is still on its way to the client when its body has ended.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use anabranch_server::Server;
use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::CONTENT_LENGTH;
use axum::response::IntoResponse;
use axum::routing::get;
use futures_util::stream;
use http_body::Frame;

use crate::client::Client;
use crate::running::{Event, READERS, Running};

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(600);

/// More than a socket holds.
const LARGE: usize = 32 << 20;

static CONTENT: [u8; LARGE] = [b'x'; LARGE];

/// A body of unknown length whose only frame is the last, as it says itself.
struct Once(Option<Bytes>);

impl HttpBody for Once {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.take().map(Frame::data).map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_none()
    }
}

fn app() -> Router {
    let large = || Bytes::from_static(&CONTENT);
    let declared = || async {
        let parts = [&CONTENT[..4 << 20], &CONTENT[..4 << 20]];
        let parts = parts.map(|part| Ok::<_, Infallible>(Bytes::from_static(part)));
        let body = Body::from_stream(stream::iter(parts));
        ([(CONTENT_LENGTH, "8388608")], body).into_response()
    };
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/whole", get(move || async move { large() }))
        .route(
            "/once",
            get(move || async move { Body::new(Once(Some(large()))) }),
        )
        .route("/declared", get(declared))
}

/// Lets a connection that is idle be ended, twice, so that all that would be has been.
async fn idle_ones_have_ended(server: &Running) {
    for _ in 0..2 {
        let mut client = server.get("/").await;
        client.read_to("hello").await;
        assert_eq!(client.rest().await.unwrap(), "");
    }
}

#[tokio::test]
async fn a_connection_is_not_idle_before_its_response_has_left() {
    let server = Server::new().idle_timeout(SHORT).stall_timeout(LONG);
    let server = Running::with(server, app()).await;
    for (path, version) in [("/whole", "1.1"), ("/whole", "1.0"), ("/once", "1.0")] {
        let mut client = server.connect().await;
        let request = format!("GET {path} HTTP/{version}\r\nhost: x\r\n\r\n");
        client.send(&request).await;
        client.read_to("\r\n\r\n").await;
        idle_ones_have_ended(&server).await;
        let content = client.rest().await.unwrap();
        assert_eq!(content.len(), LARGE, "{path} HTTP/{version}");
    }
}

#[tokio::test]
async fn what_is_cut_at_the_drain_deadline_looks_cut() {
    let server = Server::new().stall_timeout(LONG).drain(SHORT);
    let mut server = Running::with(server, app()).await;
    let mut client = server.connect().await;
    client.send("GET /once HTTP/1.0\r\n\r\n").await;
    client.read_to("\r\n\r\n").await;
    server.stop();
    server.ended().await;
    let error = client.rest().await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
}

/// A close is its end on HTTP/1.0, and a reset would be its failure.
#[tokio::test]
async fn a_body_of_declared_length_ends_well() {
    let server = Running::start(app()).await;
    let mut client = server.connect().await;
    client.send("GET /declared HTTP/1.0\r\n\r\n").await;
    client.read_to("\r\n\r\n").await;
    assert_eq!(client.rest().await.unwrap().len(), 8 << 20);
}

/// The kernel resets a connection that is closed with requests unread, and a reset takes along what
/// the client has not read.
#[tokio::test]
async fn requests_that_are_not_answered_any_more_cost_no_response() {
    for lines in READERS {
        let gate = Event::new();
        let opened = gate.clone();
        let slow = || async move {
            opened.happened().await;
            Bytes::from_static(&CONTENT[..2 << 20])
        };
        let mut server = Running::start(app().route("/slow", get(slow))).await;
        let mut client: Client = server.get_with("/slow", lines).await;
        client
            .send(&"GET / HTTP/1.1\r\nhost: x\r\n\r\n".repeat(2000))
            .await;
        server.stop();
        gate.happen();
        client.read_to("connection: close").await;
        client.read_to("\r\n\r\n").await;
        assert_eq!(client.rest().await.unwrap().len(), 2 << 20);
        server.ended().await;
    }
}
