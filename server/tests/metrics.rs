//! Metrics of responses, as a recorder sees them. The recorder is the process's, so this is one
//! test.

#![cfg(feature = "metrics")]

use anabranch_server::Layers;
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::FutureExt as _;
use http::Request;
use http_body_util::BodyExt as _;
use metrics_util::debugging::{DebugValue, DebuggingRecorder};
use tower::{Layer as _, ServiceExt as _};

#[tokio::test]
async fn responses_are_counted_by_status_and_end() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    recorder.install().unwrap();
    let app = Router::new()
        .route("/", get(async || "hello"))
        .route("/never", get(async || std::future::pending::<()>().await));
    // Also where nobody listens to the log.
    let layers = Layers::new().without_access_log();
    let ask = |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        layers.layer(app.clone()).oneshot(request)
    };
    for path in ["/", "/", "/missing"] {
        ask(path)
            .await
            .unwrap()
            .into_body()
            .collect()
            .await
            .unwrap();
    }
    drop(ask("/").await.unwrap());
    assert!(ask("/never").now_or_never().is_none());

    let snapshot = snapshotter.snapshot().into_vec().into_iter();
    let mut counts: Vec<_> = snapshot
        .map(|(key, _, _, value)| {
            let labels: Vec<_> = key.key().labels().map(|label| label.value()).collect();
            let DebugValue::Counter(count) = value else {
                panic!("no counter: {key:?}");
            };
            format!("{} {} {count}", key.key().name(), labels.join(" "))
        })
        .collect();
    counts.sort();
    assert_eq!(
        counts,
        [
            "anabranch_responses_total 2xx client gone 1",
            "anabranch_responses_total 2xx complete 2",
            "anabranch_responses_total 4xx complete 1",
            "anabranch_responses_total none client gone 1",
        ]
    );
}
