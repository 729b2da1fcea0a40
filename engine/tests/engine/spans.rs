//! What the work of a page logs is told apart by the spans that were open around it.

use anabranch_boundaries::boundary;
use maud::html;
use tracing::{Instrument, info, info_span};

use crate::log::Log;
use crate::support::{gate, open};

/// At the level of most servers the span of a boundary is disabled, and a task has no other.
#[tokio::test]
async fn a_spawned_boundary_logs_in_the_span_of_its_request() {
    let log = Log::start();
    let request = info_span!("request", id = 7);
    let (gate, wait) = gate();
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                info!("before it waits");
                wait.await?;
                info!("behind it");
                Ok(html! {})
            }).spawn())
        })
    })
    .instrument(request.clone())
    .await;
    gate.open();
    page.rest().instrument(request).await;
    let log = log.text();
    assert_eq!(log.lines().count(), 2, "{log}");
    assert!(
        log.lines().all(|line| line.contains("request{id=7}")),
        "{log}"
    );
}

/// The server has taken the shell and does not come back, so a task drives the page.
#[tokio::test]
async fn a_boundary_that_the_stand_in_drives_logs_in_the_span_of_its_page() {
    let log = Log::start();
    let (gate, wait) = gate();
    let (done, finished) = tokio::sync::oneshot::channel();
    let mut page = open(async {
        Ok(html! {
            (boundary(async {
                wait.await?;
                info!("nobody reads");
                let _ = done.send(());
                Ok(html! {})
            }))
        })
    })
    .instrument(info_span!("request", id = 7))
    .await;
    page.frame().await;
    gate.open();
    finished.await.unwrap();
    let log = log.text();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("request{id=7}:page{"), "{log}");
}
