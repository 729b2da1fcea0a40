//! The access log: one line per response, when it has ended.

use std::convert::Infallible;
use std::time::Duration;

use anabranch_boundaries::{Error, Result, boundary};
use anabranch_engine::{Connection, Drain, Settings};
use anabranch_router::page;
use anabranch_server::Layers;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{get as on_get, post};
use axum::{Extension, Router};
use futures_util::FutureExt as _;
use http::header::CONTENT_LENGTH;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use maud::html;

use tower::ServiceExt as _;

use crate::support::{Log, ask, body, get};

async fn never() -> Result {
    std::future::pending().await
}

async fn busy() -> Result {
    tokio::time::sleep(Duration::from_millis(20)).await;
    let later = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Ok(html! { "later" })
    };
    Ok(html! {
        (boundary(later))
        (boundary(async { Err(Error::msg("broken")) }))
    })
}

async fn stuck() -> Result {
    Ok(html! { (boundary(never())) (boundary(never())) })
}

fn app() -> Router {
    let settings = Settings::new()
        .heartbeat(Duration::from_secs(1000))
        .response_deadline(Duration::from_secs(4))
        .deadline(Duration::from_secs(9));
    Router::new()
        .route("/", on_get(async || "hello"))
        .route("/busy", on_get(page(busy)))
        .route("/stuck", on_get(page(stuck)))
        .route(
            "/never",
            on_get(async || std::future::pending::<()>().await),
        )
        .route("/upload", post(async |_: String| "taken"))
        .layer(Extension(settings))
}

/// Reads the body to its end.
async fn finish(response: Response) -> usize {
    body(response).await.len()
}

#[tokio::test(start_paused = true)]
async fn a_response_is_complete() {
    let (log, _guard) = Log::capture();
    let response = ask(&Layers::new(), app(), get("/?secret=1", &[])).await;
    assert!(log.access().is_empty(), "it has not ended");
    finish(response).await;
    assert_eq!(
        log.access(),
        [
            "method=GET path=/ status=200 shell_ms=0.0 total_ms=0.0 boundaries=0 failed=0 bytes=5 end=\"complete\""
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_has_its_boundaries_and_times() {
    let (log, _guard) = Log::capture();
    let bytes = finish(ask(&Layers::new(), app(), get("/busy", &[])).await).await;
    assert_eq!(
        log.access(),
        [format!(
            "method=GET path=/busy status=200 shell_ms=20.0 total_ms=120.0 boundaries=2 failed=1 \
             bytes={bytes} end=\"complete\""
        )]
    );
}

#[tokio::test(start_paused = true)]
async fn bytes_are_those_on_the_wire() {
    let (log, _guard) = Log::capture();
    let request = get("/busy", &[("accept-encoding", "gzip")]);
    let bytes = finish(ask(&Layers::new(), app(), request).await).await;
    let line = &log.access()[0];
    assert!(
        line.contains(&format!(" bytes={bytes} end=\"complete\"")),
        "{line}"
    );
}

/// hyper asks for no more than the header has promised.
#[tokio::test]
async fn a_body_of_declared_length_is_complete_with_its_last_byte() {
    let (log, _guard) = Log::capture();
    let app = Router::new().route("/", on_get(async || ([(CONTENT_LENGTH, "6")], parts())));
    for frames in [1, 2] {
        let mut body = ask(&Layers::new(), app.clone(), get("/", &[]))
            .await
            .into_body();
        for _ in 0..frames {
            body.frame().await.unwrap().unwrap();
        }
    }
    let lines = log.access();
    assert!(
        lines[0].ends_with(" bytes=3 end=\"client gone\""),
        "{lines:?}"
    );
    assert!(lines[1].ends_with(" bytes=6 end=\"complete\""), "{lines:?}");
}

fn parts() -> Body {
    let parts = ["abc", "def"].map(Ok::<_, Infallible>);
    Body::from_stream(futures_util::stream::iter(parts))
}

/// Around the routes of a router, the layers see the body that axum takes off.
#[tokio::test]
async fn a_response_to_head_is_complete_without_its_body() {
    let (log, _guard) = Log::capture();
    let app = app().layer(Layers::new());
    let request = Request::head("/").body(Body::empty()).unwrap();
    drop(app.oneshot(request).await.unwrap());
    let lines = log.access();
    assert!(lines[0].ends_with(" bytes=0 end=\"complete\""), "{lines:?}");
}

/// Such a body is not sent, whatever the app has made.
#[tokio::test]
async fn a_response_whose_status_has_no_content_is_complete_without_its_body() {
    let (log, _guard) = Log::capture();
    for status in [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED] {
        let app = Router::new()
            .route("/known", on_get(async move || (status, "a body")))
            .route("/streamed", on_get(async move || (status, parts())));
        for path in ["/known", "/streamed"] {
            drop(ask(&Layers::new(), app.clone(), get(path, &[])).await);
        }
    }
    let lines = log.access();
    assert_eq!(lines.len(), 4);
    for line in lines {
        assert!(line.ends_with(" bytes=0 end=\"complete\""), "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_client_goes_while_the_page_streams() {
    let (log, _guard) = Log::capture();
    let mut response = ask(&Layers::new(), app(), get("/stuck", &[])).await;
    let shell = response.body_mut().frame().await.unwrap().unwrap();
    let bytes = shell.into_data().unwrap().len();
    tokio::time::advance(Duration::from_millis(1500)).await;
    drop(response);
    assert_eq!(
        log.access(),
        [format!(
            "method=GET path=/stuck status=200 shell_ms=0.0 total_ms=1500.0 boundaries=2 failed=0 \
             bytes={bytes} end=\"client gone\""
        )]
    );
}

#[tokio::test(start_paused = true)]
async fn the_client_goes_before_there_is_a_status() {
    let (log, _guard) = Log::capture();
    let layers = Layers::new();
    assert!(
        ask(&layers, app(), get("/never", &[]))
            .now_or_never()
            .is_none()
    );
    assert_eq!(
        log.access(),
        ["method=GET path=/never total_ms=0.0 boundaries=0 failed=0 bytes=0 end=\"client gone\""]
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_is_ended_by_its_deadline_or_by_the_server() {
    let (log, _guard) = Log::capture();
    finish(ask(&Layers::new(), app(), get("/stuck", &[])).await).await;
    let drain = Drain::new();
    let mut request = get("/stuck", &[]);
    request
        .extensions_mut()
        .insert(Connection::new(None, drain.clone()));
    let response = ask(&Layers::new(), app(), request).await;
    drain.end_pages();
    finish(response).await;
    let lines = log.access();
    let (late, drained) = (&lines[0], &lines[1]);
    assert!(
        late.contains(" total_ms=4000.0 boundaries=2 failed=2 "),
        "{late}"
    );
    assert!(late.ends_with(" end=\"timed out\""), "{late}");
    assert!(
        drained.contains(" total_ms=0.0 boundaries=2 failed=2 "),
        "{drained}"
    );
    assert!(drained.ends_with(" end=\"drained\""), "{drained}");
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_body_is_too_slow_timed_out() {
    let (log, _guard) = Log::capture();
    let pending = futures_util::stream::pending::<std::io::Result<String>>();
    let request = Request::post("/upload")
        .body(Body::from_stream(pending))
        .unwrap();
    finish(ask(&Layers::new(), app(), request).await).await;
    assert_eq!(
        log.access(),
        [
            "method=POST path=/upload status=408 shell_ms=30000.0 total_ms=30000.0 boundaries=0 failed=0 bytes=15 end=\"timed out\""
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_body_that_nobody_reads_is_complete_if_there_is_none() {
    let (log, _guard) = Log::capture();
    drop(ask(&Layers::new(), app(), get("/missing", &[])).await);
    let mut request = get("/busy", &[]);
    *request.method_mut() = Method::HEAD;
    drop(ask(&Layers::new(), app(), request).await);
    drop(ask(&Layers::new(), app(), get("/", &[])).await);
    let lines = log.access();
    assert!(lines[0].ends_with(" bytes=0 end=\"complete\""), "{lines:?}");
    assert!(lines[0].contains(" status=404 "), "{lines:?}");
    assert!(lines[1].ends_with(" bytes=0 end=\"complete\""), "{lines:?}");
    assert!(
        lines[2].ends_with(" bytes=0 end=\"client gone\""),
        "{lines:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_path_cannot_forge_or_disguise_a_line() {
    let (log, _guard) = Log::capture();
    for path in [
        "/%0d%0aINFO%20anabranch::access:%20method=GET",
        "/%1b[31m%00",
        "/\u{202e}gnp.exe",
        "/\u{85}\u{2028}x",
    ] {
        finish(ask(&Layers::new(), app(), get(path, &[])).await).await;
    }
    let lines = log.lines();
    let paths: Vec<_> = lines
        .iter()
        .map(|line| {
            assert!(
                line.starts_with("INFO anabranch::access: method=GET path=/"),
                "{line}"
            );
            assert!(
                line.chars()
                    .all(|char| char == ' ' || char.is_ascii_graphic()),
                "{line}"
            );
            let (_, path) = line.split_once(" path=").unwrap();
            path.split_once(' ').unwrap().0
        })
        .collect();
    assert_eq!(
        paths,
        [
            "/%0d%0aINFO%20anabranch::access:%20method=GET",
            "/%1b[31m%00",
            "/%E2%80%AEgnp.exe",
            "/%C2%85%E2%80%A8x",
        ]
    );
}

#[tokio::test]
async fn without_the_log_there_is_no_line() {
    let (log, _guard) = Log::capture();
    let layers = Layers::new().without_access_log();
    finish(ask(&layers, app(), get("/", &[])).await).await;
    assert!(log.lines().is_empty(), "{:?}", log.lines());
}
