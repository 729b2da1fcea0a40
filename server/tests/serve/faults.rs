//! What fails in an app: a response says so, and no other is affected.

use std::convert::Infallible;
use std::future::ready;
use std::io;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures_util::stream::{self, StreamExt};

use crate::client::status;
use crate::running::{READERS, Running};

type Part = Result<&'static str, io::Error>;

fn failing(parts: Vec<Part>) -> Response {
    // Each part in a poll of its own, as over time.
    let parts = stream::iter(parts).then(|part| async {
        tokio::task::yield_now().await;
        part
    });
    Body::from_stream(parts).into_response()
}

fn broken() -> Part {
    Err(io::Error::other("the disk is gone"))
}

#[expect(unreachable_code, reason = "it panics")]
async fn panics() -> &'static str {
    panic!("secret of the handler");
    ""
}

fn app() -> Router {
    Router::new()
        .route("/panic", get(panics))
        .route(
            "/cut",
            get(|| async { failing(vec![Ok("begin"), broken()]) }),
        )
        .route(
            "/never",
            get(|| async { Body::from_stream(stream::once(async { broken() })).into_response() }),
        )
        .route(
            "/panicking-body",
            get(|| async {
                let parts = stream::iter([0, 1]).map(|n| {
                    assert_eq!(n, 0, "secret of the body");
                    Ok::<_, Infallible>(Bytes::from_static(b"begin"))
                });
                Body::from_stream(parts.then(|part| async {
                    tokio::task::yield_now().await;
                    part
                }))
                .into_response()
            }),
        )
        .route("/", get(|| async { "fine" }))
}

/// Asserts that `/panic` is a 500 that keeps its secret, and that its connection goes on.
async fn assert_panic_is_contained(server: &Running, lines: &str) {
    let mut client = server.get_with("/panic", lines).await;
    let response = client.read_to("Internal Server Error\r\n").await;
    assert_eq!(status(&response), "500");
    client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    let rest = client.read_to("fine").await;
    assert!(!rest.contains("secret"), "{rest}");
}

#[tokio::test]
async fn a_handler_that_panics_is_a_500_and_its_connection_goes_on() {
    for lines in READERS {
        let server = Running::start(app()).await;
        assert_panic_is_contained(&server, lines).await;
    }
}

/// Of an app that is no router, whose services may do something before they give a future.
#[tokio::test]
async fn a_service_that_panics_is_a_500_and_its_connection_goes_on() {
    let app = tower::service_fn(|request: Request| {
        assert_ne!(request.uri().path(), "/panic", "secret of the service");
        ready(Ok("fine".into_response()))
    });
    for lines in READERS {
        let server = Running::start(app).await;
        assert_panic_is_contained(&server, lines).await;
    }
}

#[tokio::test]
async fn a_body_that_fails_before_its_first_byte_is_a_500() {
    for lines in READERS {
        let server = Running::start(app()).await;
        let mut client = server.get_with("/never", lines).await;
        assert_eq!(status(&client.read_to("\r\n\r\n").await), "500");
    }
}

#[tokio::test]
async fn a_body_that_fails_later_has_no_end() {
    for lines in READERS {
        let server = Running::start(app()).await;
        for path in ["/cut", "/panicking-body"] {
            let mut client = server.get_with(path, lines).await;
            let received = client.rest().await.unwrap();
            assert!(received.ends_with("begin\r\n"), "{path}: {received}");
        }
    }
}

#[tokio::test]
async fn on_http_1_0_a_body_that_fails_is_reset() {
    let server = Running::start(app()).await;
    for path in ["/cut", "/panicking-body"] {
        let mut client = server.connect().await;
        client.send(&format!("GET {path} HTTP/1.0\r\n\r\n")).await;
        let error = client.rest().await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset, "{path}");
    }
}
