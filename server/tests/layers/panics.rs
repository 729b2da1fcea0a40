//! Panics in handlers and bodies, and the id by which page and log name them.

use std::convert::Infallible;
use std::future::ready;

use anabranch_boundaries::panic::install_hook;
use anabranch_router::page;
use anabranch_server::Layers;
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::get as on_get;
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use tower::{Layer as _, ServiceExt as _};

use crate::support::{Log, ask, body, get};

fn app() -> Router {
    let stream = async || {
        let frames = futures_util::stream::iter([0, 1]).map(|n| {
            assert!(n == 0, "on purpose in a body");
            Ok::<_, std::io::Error>("first")
        });
        Body::from_stream(frames)
    };
    Router::new()
        .route(
            "/handler",
            on_get(async || -> &'static str { panic!("on purpose in a handler") }),
        )
        .route(
            "/page",
            on_get(page(async || panic!("on purpose in a page"))),
        )
        .route("/body", on_get(stream))
}

use futures_util::StreamExt as _;

#[tokio::test]
async fn a_panic_is_a_500_with_the_id_of_its_line_in_the_log() {
    install_hook();
    for path in ["/handler", "/page"] {
        let (log, _guard) = Log::capture();
        let response = ask(&Layers::new(), app(), get(path, &[])).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(response.headers().contains_key("x-request-id"));
        let text = String::from_utf8(body(response).await.to_vec()).unwrap();
        assert!(!text.contains("purpose") && !text.contains(".rs"), "{text}");
        let line = &log.lines()[0];
        let (_, id) = line.split_once("error.id=").unwrap();
        assert!(text.contains(&id[..8]), "{text} {line}");
        assert!(line.contains("on purpose in a"), "{line}");
        assert!(line.contains("at server/tests/layers/panics.rs:"), "{line}");
        assert!(
            log.access()[0].contains("status=500 "),
            "{:?}",
            log.access()
        );
        assert!(
            log.access()[0].ends_with("end=\"complete\""),
            "{:?}",
            log.access()
        );
    }
}

/// Of an app that is no router, whose services may do something before they give a future.
#[tokio::test]
async fn a_service_that_panics_is_answered_and_logged_like_a_handler() {
    let (log, _guard) = Log::capture();
    let service = tower::service_fn(|request: Request<Body>| {
        assert_ne!(request.uri().path(), "/", "on purpose in a service");
        ready(Ok::<_, Infallible>(Response::new(Body::empty())))
    });
    let app = Layers::new().layer(service);
    let response = app.oneshot(get("/", &[])).await.unwrap();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert!(response.headers().contains_key("x-request-id"));
    let text = body(response).await;
    assert!(text.starts_with(b"Error "), "{text:?}");
    let line = &log.access()[0];
    assert!(line.contains("status=500 "), "{line}");
    assert!(line.ends_with("end=\"complete\""), "{line}");
}

#[tokio::test]
async fn a_body_that_panics_fails() {
    let (log, _guard) = Log::capture();
    let response = ask(&Layers::new(), app(), get("/body", &[])).await;
    let mut sent = response.into_body();
    assert_eq!(
        sent.frame().await.unwrap().unwrap().into_data().unwrap(),
        "first"
    );
    assert!(sent.frame().await.unwrap().is_err());
    drop(sent);
    let lines = log.lines();
    assert!(
        lines[0].contains("the body of a response panicked"),
        "{lines:?}"
    );
    assert!(
        log.access()[0].ends_with("bytes=5 end=\"failed\""),
        "{:?}",
        log.access()
    );
}
