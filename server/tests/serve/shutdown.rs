//! The way to the end.

use std::time::Duration;

use anabranch_server::Server;
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::stream::{self, StreamExt};

use crate::running::{Event, Running};

const LONG: Duration = Duration::from_secs(600);

/// `/` is answered at once, `/slow` when the gate opens, `/endless` never ends.
fn app(gate: &Event) -> Router {
    let opened = gate.clone();
    let handler = move || async move {
        let parts = stream::iter(["begin", " end"]).then(move |part| {
            let opened = opened.clone();
            async move {
                if part == " end" {
                    opened.happened().await;
                }
                Ok::<_, std::convert::Infallible>(part)
            }
        });
        Body::from_stream(parts)
    };
    let endless = || async {
        let parts = stream::iter([Ok::<_, std::convert::Infallible>("begin")]);
        Body::from_stream(parts.chain(stream::pending()))
    };
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/slow", get(handler))
        .route("/endless", get(endless))
}

#[tokio::test]
async fn open_responses_end_and_idle_connections_close() {
    let gate = Event::new();
    let mut server = Running::with(Server::new().drain(LONG), app(&gate)).await;
    let mut idle = server.get("/").await;
    idle.read_to("hello").await;
    let mut slow = server.get("/slow").await;
    slow.read_to("begin").await;

    server.stop();
    assert_eq!(idle.rest().await.unwrap(), "");
    // The listener is closed by now.
    let refused = tokio::net::TcpStream::connect(server.address).await;
    assert!(refused.is_err());
    gate.happen();
    let rest = slow.rest().await.unwrap();
    assert!(rest.ends_with(" end\r\n0\r\n\r\n"), "{rest}");
    server.ended().await;
}

#[tokio::test]
async fn a_request_that_is_on_its_way_is_answered() {
    let mut server = Running::with(Server::new().drain(LONG), app(&Event::new())).await;
    let mut accepted = server.connect().await;
    let mut begun = server.connect().await;
    begun.send("GET / HTTP/1.1\r\n").await;
    // Its answer shows that the others were accepted before.
    server.get("/").await.read_to("hello").await;
    let mut waiting = server.connect().await;
    server.stop();
    for client in [&mut accepted, &mut waiting] {
        client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    }
    begun.send("host: x\r\n\r\n").await;
    for client in [&mut accepted, &mut waiting, &mut begun] {
        let response = client.rest().await.unwrap();
        assert!(response.contains("connection: close"), "{response}");
        assert!(response.ends_with("hello"), "{response}");
    }
    server.ended().await;
}

#[tokio::test]
async fn what_never_ends_is_cut_visibly_at_the_drain_deadline() {
    let drain = Duration::from_millis(50);
    let mut server = Running::with(Server::new().drain(drain), app(&Event::new())).await;
    let mut client = server.get("/endless").await;
    client.read_to("begin\r\n").await;
    server.stop();
    assert_eq!(client.rest().await.unwrap(), "", "no terminator");
    server.ended().await;
}

#[tokio::test]
async fn a_client_that_only_connected_does_not_hold_the_server() {
    let mut server = Running::with(Server::new().drain(LONG), app(&Event::new())).await;
    let mut client = server.connect().await;
    server.get("/").await.read_to("hello").await;
    server.stop();
    server.ended().await;
    assert_eq!(client.rest().await.unwrap(), "");
}
