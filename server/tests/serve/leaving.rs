//! A client that goes takes its work along.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::stream::{self, StreamExt};

use crate::running::{Event, READERS, Running, endless};

/// An app that streams one part and then waits for ever, and the event that it was dropped.
fn app() -> (Router, Event) {
    let dropped = Event::new();
    let at_drop = dropped.clone();
    let handler = move || {
        let guard = at_drop.on_drop();
        async move {
            let parts = stream::iter([Ok::<_, std::convert::Infallible>("begin")]);
            let parts = parts.chain(stream::pending());
            Body::from_stream(parts.map(move |part| {
                let _held = &guard;
                part
            }))
        }
    };
    (Router::new().route("/", get(handler)), dropped)
}

#[tokio::test]
async fn a_close_drops_the_response() {
    for lines in READERS {
        let (app, dropped) = app();
        let server = Running::start(app).await;
        let mut client = server.get_with("/", lines).await;
        client.read_to("begin").await;
        drop(client);
        dropped.happened().await;
    }
}

#[tokio::test]
async fn a_reset_drops_the_response() {
    for lines in READERS {
        let (app, dropped) = app();
        let server = Running::start(app).await;
        let mut client = server.get_with("/", lines).await;
        client.read_to("begin").await;
        client.reset();
        dropped.happened().await;
    }
}

/// Then nobody looks for its end, but the kernel tells of it.
#[tokio::test]
async fn a_close_drops_a_response_that_the_socket_has_no_room_for() {
    for lines in READERS {
        let dropped = Event::new();
        let app = Router::new().route("/", get(endless(&dropped)));
        let server = Running::start(app).await;
        let mut client = server.get_with("/", lines).await;
        client.read_to("\r\n\r\n").await;
        // Meanwhile the socket is filled.
        for _ in 0..10 {
            let mut other = server.get("/missing").await;
            other.read_to("\r\n\r\n").await;
        }
        drop(client);
        dropped.happened().await;
    }
}

/// The case that hyper alone does not notice: it has bytes to go on with, and reads no further.
#[tokio::test]
async fn an_end_behind_pipelined_requests_is_noticed() {
    for lines in READERS {
        for requests in [1, 20] {
            let (app, dropped) = app();
            let server = Running::start(app).await;
            let mut client = server.get_with("/", lines).await;
            client.read_to("begin").await;
            for _ in 0..requests {
                client.send("GET /next HTTP/1.1\r\nhost: x\r\n\r\n").await;
            }
            drop(client);
            dropped.happened().await;
        }
    }
}

#[tokio::test]
async fn an_end_behind_a_body_that_is_not_read_is_noticed() {
    let (app, dropped) = app();
    let server = Running::start(app).await;
    let mut client = server.connect().await;
    client
        .send("GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 9000\r\n\r\n")
        .await;
    client.read_to("begin").await;
    client.send(&"x".repeat(5000)).await;
    drop(client);
    dropped.happened().await;
}

/// What was pipelined behind an open response is served after it.
#[tokio::test]
async fn what_is_read_ahead_is_not_lost() {
    for lines in READERS {
        let gate = Event::new();
        let opened = gate.clone();
        let app = Router::new()
            .route(
                "/slow",
                get(move || async move {
                    opened.happened().await;
                    "slow"
                }),
            )
            .route(
                "/next",
                axum::routing::post(|body: String| async move { body.len().to_string() }),
            );
        let server = Running::start(app).await;
        let mut client = server.get_with("/slow", lines).await;
        let body = "x".repeat(100_000);
        let head = format!(
            "POST /next HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        // More than the server reads ahead, so it is sent on the side.
        let sending = async {
            client.send(&format!("{head}{body}")).await;
            client
        };
        gate.happen();
        let mut client = sending.await;
        client.read_to("slow").await;
        client.read_to("\r\n\r\n100000").await;
    }
}
