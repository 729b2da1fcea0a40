//! Metrics of pages, as a recorder sees them. The recorder is the process's, so this is one test.

#![cfg(feature = "metrics")]

use std::time::Duration;

use anabranch_boundaries::{Error, Result, boundary};
use anabranch_engine::{Rendered, Settings, Visit, render};
use futures_util::FutureExt;
use http_body_util::BodyExt;
use maud::html;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

fn visit() -> Visit {
    Visit::new(Settings::new().heartbeat(Duration::from_secs(1000)))
}

async fn never() -> Result {
    std::future::pending().await
}

/// What was recorded since the last time, as `name{label=value} value`, sorted. Durations are in
/// seconds of paused time; gauges are what they changed by.
fn recorded(snapshotter: &Snapshotter) -> Vec<String> {
    let snapshot = snapshotter.snapshot().into_vec();
    let lines = snapshot.into_iter().filter_map(|(key, _, _, value)| {
        let key = key.key();
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let value = match value {
            DebugValue::Counter(0) => return None,
            DebugValue::Counter(count) => count.to_string(),
            DebugValue::Gauge(level) => level.to_string(),
            DebugValue::Histogram(values) if values.is_empty() => return None,
            DebugValue::Histogram(values) => format!("{values:?}"),
        };
        Some(format!("{}{{{}}} {value}", key.name(), labels.join(",")))
    });
    let mut lines: Vec<_> = lines.collect();
    lines.sort();
    lines
}

#[tokio::test(start_paused = true)]
async fn pages_are_measured() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    recorder.install().unwrap();

    let page = render(visit(), async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        Ok(html! {
            (boundary(async { Ok(html! { "at once" }) }).name("a"))
            (boundary(async { Err(Error::msg("broken")) }).name("b"))
            (boundary(never()).name("c").deadline(Duration::from_secs(3)))
            (boundary(never()).name("d"))
        })
    });
    let Rendered { mut body, .. } = page.await;
    body.frame().await.unwrap().unwrap();
    assert_eq!(
        recorded(&snapshotter),
        [
            "anabranch_boundary_seconds{boundary=a,outcome=complete} [0.0]",
            "anabranch_boundary_seconds{boundary=b,outcome=failed} [0.0]",
            "anabranch_open_streams{} 1",
            "anabranch_pending_boundaries{} 2",
            "anabranch_shell_seconds{} [2.0]",
        ]
    );

    body.frame().await.unwrap().unwrap();
    assert!(body.frame().now_or_never().is_none());
    assert_eq!(
        recorded(&snapshotter),
        [
            "anabranch_boundary_seconds{boundary=c,outcome=timed out} [3.0]",
            "anabranch_open_streams{} 0",
            "anabranch_pending_boundaries{} -1",
        ]
    );

    drop(body);
    assert_eq!(
        recorded(&snapshotter),
        [
            "anabranch_aborted_streams_total{} 1",
            "anabranch_boundary_seconds{boundary=d,outcome=cancelled} [3.0]",
            "anabranch_open_streams{} -1",
            "anabranch_pending_boundaries{} -1",
        ]
    );

    let page = render(visit(), async {
        Ok(html! { (boundary(never()).name("e")) })
    });
    page.await.body.collect().await.unwrap();
    assert_eq!(
        recorded(&snapshotter),
        [
            "anabranch_boundary_seconds{boundary=e,outcome=timed out} [30.0]",
            "anabranch_open_streams{} 0",
            "anabranch_pending_boundaries{} 0",
            "anabranch_shell_seconds{} [0.0]",
        ]
    );
}
