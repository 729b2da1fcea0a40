//! Responses that wait in their middle, and what follows them.

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::stream;

use crate::running::{Event, READERS, Running, request};

/// An app whose `/wait` sends a part, waits for the event, and sends two more; `/fail` fails
/// instead.
fn app() -> (Router, Event) {
    let gate = Event::new();
    let (waits, fails) = (gate.clone(), gate.clone());
    let app = Router::new()
        .route(
            "/wait",
            get(move || parts(waits.clone(), [Ok("second"), Ok("third")])),
        )
        .route(
            "/fail",
            get(move || parts(fails.clone(), [Ok("second"), Err("broken")])),
        )
        .route("/next", get(|| async { "the next" }));
    (app, gate)
}

type Part = Result<&'static str, &'static str>;

async fn parts(gate: Event, rest: [Part; 2]) -> Body {
    Body::from_stream(stream::unfold(0, move |at| {
        let gate = gate.clone();
        async move {
            let part = match at {
                0 => Ok("first"),
                _ => *rest.get(at - 1)?,
            };
            if at == 1 {
                gate.happened().await;
            }
            Some((part, at + 1))
        }
    }))
}

const CHUNKS: &str = "6\r\nsecond\r\n5\r\nthird\r\n0\r\n\r\n";

#[tokio::test]
async fn the_connection_goes_on_behind_a_response_that_waited() {
    for lines in ["", "connection: keep-alive\r\n", "te: trailers\r\n"] {
        let (app, gate) = app();
        let server = Running::start(app).await;
        let mut client = server.connect().await;
        client.send(&request("/wait", lines)).await;
        let head = client.read_to("\r\n\r\n5\r\nfirst\r\n").await;
        assert!(head.contains("transfer-encoding: chunked"), "{head}");
        gate.happen();
        assert_eq!(client.read_to(CHUNKS).await, CHUNKS);
        for _ in 0..2 {
            client.send(&request("/wait", lines)).await;
            client.read_to(CHUNKS).await;
            client.send(&request("/next", lines)).await;
            client.read_to("the next").await;
        }
    }
}

/// Some of them are read together with the first head, some while the response waits.
#[tokio::test]
async fn requests_behind_a_response_that_waits_are_answered_in_order() {
    // Also from one reader to the other.
    for (first, last) in [(0, 0), (0, 1), (1, 1)] {
        let (app, gate) = app();
        let server = Running::start(app).await;
        let mut client = server.connect().await;
        let wait = request("/wait", READERS[first]);
        let next = request("/next", READERS[last]);
        client.send(&format!("{wait}{next}{next}{wait}")).await;
        client.read_to("first\r\n").await;
        client.send(&format!("{next}{next}")).await;
        gate.happen();
        client.read_to(CHUNKS).await;
        for behind in ["the next", "the next", CHUNKS, "the next", "the next"] {
            client.read_to(behind).await;
        }
    }
}

/// A head that was read ahead is looked at like any other.
#[tokio::test]
async fn an_ambiguous_request_behind_a_response_that_waits_is_refused() {
    for lines in READERS {
        let (app, gate) = app();
        let server = Running::start(app).await;
        let mut client = server.get_with("/wait", lines).await;
        client.read_to("first\r\n").await;
        let twice = "content-length: 1\r\ncontent-length: 1\r\n";
        client.send(&request("/next", twice)).await;
        gate.happen();
        let rest = client.rest().await.unwrap();
        let behind = rest.strip_prefix(CHUNKS).unwrap();
        assert!(behind.starts_with("HTTP/1.1 400"), "{behind}");
    }
}

#[tokio::test]
async fn a_client_that_wants_the_end_gets_it() {
    let (app, gate) = app();
    let server = Running::start(app).await;
    for lines in [
        "connection: close\r\n",
        "connection: keep-alive\r\nconnection: close\r\n",
    ] {
        let mut client = server.connect().await;
        client.send(&request("/wait", lines)).await;
        client.read_to("first\r\n").await;
        gate.happen();
        assert_eq!(client.rest().await.unwrap(), CHUNKS);
    }
}

#[tokio::test]
async fn a_response_that_fails_after_it_waited_has_no_end() {
    for lines in READERS {
        let (app, gate) = app();
        let server = Running::start(app).await;
        let mut client = server.get_with("/fail", lines).await;
        client.read_to("first\r\n").await;
        gate.happen();
        assert_eq!(client.rest().await.unwrap(), "6\r\nsecond\r\n");
    }
}

#[tokio::test]
async fn a_stop_lets_a_response_that_waits_end() {
    for lines in READERS {
        let (app, gate) = app();
        let mut server = Running::start(app).await;
        let mut client = server.get_with("/wait", lines).await;
        client.read_to("first\r\n").await;
        server.stop();
        gate.happen();
        assert_eq!(client.rest().await.unwrap(), CHUNKS);
        server.ended().await;
    }
}
