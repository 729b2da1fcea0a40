//! Bodies of requests: too large, too slow.

use std::time::Duration;

use anabranch_server::Layers;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request};
use axum::routing::post;
use axum::{Form, Router};
use futures_util::{StreamExt as _, stream};
use http::header::CONNECTION;
use http::{StatusCode, Version};
use http_body_util::BodyExt;
use tokio::time::Instant;

use crate::support::{ask, body};

fn app() -> Router {
    let raw = async |request: Request| match request.into_body().collect().await {
        Ok(body) => format!("raw {}", body.to_bytes().len()),
        Err(_) => "it failed, and I go on".to_owned(),
    };
    Router::new()
        .route("/", post(async |body: Bytes| body.len().to_string()))
        .route(
            "/form",
            post(async |_: Form<Vec<(String, String)>>| "taken"),
        )
        .route("/raw", post(raw))
        .route(
            "/small",
            post(async |body: Bytes| body.len().to_string()).layer(DefaultBodyLimit::max(10)),
        )
}

/// A body of unknown length.
fn streamed(bytes: usize) -> Body {
    let frames = (0..bytes.div_ceil(1000)).map(move |at| {
        let frame = vec![b'x'; (bytes - at * 1000).min(1000)];
        Ok::<_, std::io::Error>(Bytes::from(frame))
    });
    Body::from_stream(stream::iter(frames))
}

fn to(path: &str, body: Body) -> Request {
    Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .unwrap()
}

fn declared(path: &str, length: usize) -> Request {
    let mut request = to(path, streamed(length));
    let length = length.to_string().parse().unwrap();
    request.headers_mut().insert("content-length", length);
    request
}

#[tokio::test]
async fn the_limit_is_the_last_byte_that_is_taken() {
    let layers = Layers::new().body_limit(5_000);
    for request in [to("/", streamed(5_000)), declared("/", 5_000)] {
        let response = ask(&layers, app(), request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(body(response).await, "5000");
    }
    for path in ["/", "/form"] {
        for request in [to(path, streamed(5_001)), declared(path, 5_001)] {
            let response = ask(&layers, app(), request).await;
            assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
            assert_eq!(response.headers()[CONNECTION], "close");
        }
    }
}

#[tokio::test]
async fn a_length_that_is_too_large_is_refused_before_the_body_is_read() {
    let mut request = to(
        "/",
        Body::from_stream(stream::pending::<std::io::Result<Bytes>>()),
    );
    request
        .headers_mut()
        .insert("content-length", "5001".parse().unwrap());
    let response = ask(&Layers::new().body_limit(5_000), app(), request).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(body(response).await, "Payload Too Large");
}

#[tokio::test]
async fn it_stands_in_for_the_limit_of_axum() {
    let bytes = 3 << 20;
    let response = ask(&Layers::new(), app(), to("/", streamed(bytes))).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let response = ask(
        &Layers::new().body_limit(4 << 20),
        app(),
        to("/", streamed(bytes)),
    )
    .await;
    assert_eq!(body(response).await, bytes.to_string());
    // Without it, axum's holds; a limit of the app's own does in any case.
    let layers = Layers::new().without_body_limit();
    let response = ask(&layers, app(), to("/", streamed(bytes))).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let response = ask(&layers, app(), to("/raw", streamed(bytes))).await;
    assert_eq!(body(response).await, format!("raw {bytes}"));
    let response = ask(&Layers::new(), app(), to("/small", streamed(11))).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_app_that_goes_on_without_the_body_answers() {
    let layers = Layers::new().body_limit(5_000);
    let response = ask(&layers, app(), to("/raw", streamed(5_001))).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.headers()[CONNECTION], "close");
    assert_eq!(body(response).await, "it failed, and I go on");
}

/// A body of this many bytes, one at a time.
fn dripping(bytes: usize, each: Duration) -> Body {
    Body::from_stream(stream::iter(0..bytes).then(move |_| async move {
        tokio::time::sleep(each).await;
        Ok::<_, std::io::Error>("x")
    }))
}

#[tokio::test(start_paused = true)]
async fn a_body_that_drips_is_a_408() {
    let start = Instant::now();
    let request = to("/", dripping(1000, Duration::from_secs(1)));
    let response = ask(&Layers::new(), app(), request).await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert_eq!(response.headers()[CONNECTION], "close");
    assert_eq!(start.elapsed().as_secs(), 30);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_stops_is_a_408_also_on_http_2() {
    let start = Instant::now();
    let first = stream::iter([Ok::<_, std::io::Error>("first")]);
    let mut request = to("/form", Body::from_stream(first.chain(stream::pending())));
    *request.version_mut() = Version::HTTP_2;
    let layers = Layers::new().body_timeout(Duration::from_secs(3));
    let response = ask(&layers, app(), request).await;
    assert_eq!(response.status(), StatusCode::REQUEST_TIMEOUT);
    assert!(!response.headers().contains_key(CONNECTION));
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_keeps_the_rate_may_take_as_long_as_it_likes() {
    let layers = Layers::new().body_rate(1);
    let request = to("/", dripping(1000, Duration::from_secs(1)));
    let response = ask(&layers, app(), request).await;
    assert_eq!(body(response).await, "1000");
}

/// As over a network that holds packets back and then delivers several.
#[tokio::test(start_paused = true)]
async fn bytes_that_arrive_together_count_alike() {
    let burst = |_| async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        stream::iter(["x"; 10].map(Ok::<_, std::io::Error>))
    };
    let bursts = stream::iter(0..100).then(burst).flatten();
    let layers = Layers::new().body_rate(1);
    let response = ask(&layers, app(), to("/", Body::from_stream(bursts))).await;
    assert_eq!(body(response).await, "1000");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_without_end_is_no_timeout() {
    let layers = Layers::new().body_timeout(Duration::MAX);
    let request = to("/", dripping(10, Duration::from_secs(3600)));
    let response = ask(&layers, app(), request).await;
    assert_eq!(body(response).await, "10");
}
