//! Answers without an end of their own: event streams, and connections that the app has taken over.

use std::convert::Infallible;
use std::time::Duration;

use anabranch_server::{Server, Stopping};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, UPGRADE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::FutureExt as _;
use futures_util::stream::{self, StreamExt as _};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tower::ServiceExt as _;

use crate::running::{Event, READERS, Running, request};

const LONG: Duration = Duration::from_secs(600);
const SHORT: Duration = Duration::from_millis(50);

type Tunnel = TokioIo<hyper::upgrade::Upgraded>;

/// `/tunnel` hands over each of its connections.
fn tunnels() -> (Router, mpsc::UnboundedReceiver<(Tunnel, Stopping)>) {
    let (sender, tunnels) = mpsc::unbounded_channel();
    let handler = async move |stopping: Stopping, mut request: Request| -> Response {
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            let tunnel = TokioIo::new(upgrade.await.unwrap());
            // The test may be over.
            let _ = sender.send((tunnel, stopping));
        });
        let headers = [(CONNECTION, "upgrade"), (UPGRADE, "echo")];
        (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
    };
    let app = Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/tunnel", get(handler));
    (app, tunnels)
}

const UPGRADES: &str = "connection: upgrade\r\nupgrade: echo\r\n";

#[tokio::test]
async fn an_event_stream_that_heeds_the_stop_ends_in_full() {
    let events = async |stopping: Stopping| {
        let parts = stream::iter([Ok::<_, Infallible>("data: 1\n\n")]).chain(stream::pending());
        Body::from_stream(parts.take_until(stopping))
    };
    for lines in READERS {
        let app = Router::new().route("/events", get(events));
        let mut server = Running::with(Server::new().drain(LONG), app).await;
        let mut client = server.get_with("/events", lines).await;
        client.read_to("data: 1\n\n\r\n").await;
        server.stop();
        assert_eq!(client.rest().await.unwrap(), "0\r\n\r\n");
        server.ended().await;
    }
}

#[tokio::test]
async fn the_stop_is_told_to_every_clone_and_as_often_as_asked() {
    let (asked, told) = (Event::new(), Event::new());
    let (ask, tell) = (asked.clone(), told.clone());
    let handler = async move |mut stopping: Stopping| {
        let other = stopping.clone();
        assert!((&mut stopping).now_or_never().is_none());
        ask.happen();
        (&mut stopping).await;
        (&mut stopping).await;
        other.await;
        tell.happen();
    };
    let app = Router::new().route("/", get(handler));
    let mut server = Running::with(Server::new().drain(LONG), app).await;
    let mut client = server.get("/").await;
    asked.happened().await;
    server.stop();
    told.happened().await;
    client.read_to("200 OK").await;
}

#[tokio::test]
async fn elsewhere_nothing_stops() {
    let handler = async |stopping: Stopping| stopping.now_or_never().is_none().to_string();
    let app = Router::new().route("/", get(handler));
    let response = app.oneshot(Request::new(Body::empty())).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), 100)
        .await
        .unwrap();
    assert_eq!(body, "true");
}

#[tokio::test]
async fn a_tunnel_has_the_drain_to_say_goodbye() {
    let (app, mut tunnels) = tunnels();
    let mut server = Running::with(Server::new().drain(LONG), app).await;
    let mut client = server.get_with("/tunnel", UPGRADES).await;
    client.read_to("\r\n\r\n").await;
    let (mut tunnel, stopping) = tunnels.recv().await.unwrap();
    let mut idle = server.get("/").await;
    idle.read_to("hello").await;
    server.stop();
    stopping.await;
    // The end of the other connection shows that the drain is under way.
    assert_eq!(idle.rest().await.unwrap(), "");
    client.send("still there?").await;
    let mut question = [0; 12];
    tunnel.read_exact(&mut question).await.unwrap();
    tunnel.write_all(b"goodbye").await.unwrap();
    tunnel.flush().await.unwrap();
    assert!(server.ended().now_or_never().is_none());
    drop(tunnel);
    assert_eq!(client.rest().await.unwrap(), "goodbye");
    server.ended().await;
}

#[tokio::test]
async fn a_tunnel_that_stays_is_cut_behind_the_drain_deadline() {
    let (app, mut tunnels) = tunnels();
    let mut server = Running::with(Server::new().drain(SHORT), app).await;
    let mut client = server.get_with("/tunnel", UPGRADES).await;
    client.read_to("\r\n\r\n").await;
    let (mut tunnel, _) = tunnels.recv().await.unwrap();
    let reading = tokio::spawn(async move { tunnel.read_u8().await });
    server.stop();
    server.ended().await;
    assert!(reading.await.unwrap().is_err(), "the app's end fails");
    assert_eq!(client.rest().await.unwrap(), "");
}

#[tokio::test]
async fn a_tunnel_is_not_idle() {
    let (app, mut tunnels) = tunnels();
    let server = Server::new().idle_timeout(SHORT).head_timeout(SHORT);
    let server = Running::with(server, app).await;
    let mut client = server.get_with("/tunnel", UPGRADES).await;
    client.read_to("\r\n\r\n").await;
    let (mut tunnel, _) = tunnels.recv().await.unwrap();
    // Both of these were, meanwhile.
    for _ in 0..2 {
        let mut idle = server.get("/").await;
        idle.read_to("hello").await;
        assert_eq!(idle.rest().await.unwrap(), "");
    }
    client.send("x").await;
    assert_eq!(tunnel.read_u8().await.unwrap(), b'x');
}

#[tokio::test]
async fn a_tunnel_whose_client_does_not_read_is_cut() {
    let (app, mut tunnels) = tunnels();
    let server = Running::with(Server::new().stall_timeout(SHORT), app).await;
    let mut client = server.connect().await;
    client.send(&request("/tunnel", UPGRADES)).await;
    client.read_to("\r\n\r\n").await;
    let (mut tunnel, _) = tunnels.recv().await.unwrap();
    let part = [b'x'; 64 << 10];
    while tunnel.write_all(&part).await.is_ok() {}
    drop(tunnel);
    assert!(client.rest().await.is_err(), "a reset");
}
