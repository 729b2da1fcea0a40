//! What the work of a page logs is told apart by the spans that were open around it.

use anabranch_boundaries::{Error, boundary};
use maud::html;
use tracing::{Instrument, info, info_span};

use crate::log::Log;
use crate::support::{gate, open};

/// At the level of most servers the spans of boundaries are disabled, and a task has no other.
#[tokio::test]
async fn boundaries_log_in_the_span_of_their_page() {
    for spawns in [false, true] {
        let log = Log::start();
        let (gate, wait) = gate();
        let mut page = open(async move {
            let part = boundary(async {
                info!("before it waits");
                wait.await?;
                info!("behind it");
                Err(Error::msg("on purpose"))
            });
            Ok(html! { body { (if spawns { part.spawn() } else { part }) } })
        })
        .instrument(info_span!("request", id = 7))
        .await;
        gate.open();
        page.rest().await;
        let log = log.text();
        assert_eq!(log.lines().count(), 3, "{log}");
        for line in log.lines() {
            assert!(line.contains("request{id=7}:page{"), "{log}");
        }
    }
}

/// The server has taken the shell and does not come back, so a task drives the page.
#[tokio::test]
async fn a_boundary_that_the_stand_in_drives_logs_in_the_span_of_its_page() {
    let log = Log::start();
    let (gate, wait) = gate();
    let (done, finished) = tokio::sync::oneshot::channel();
    let mut page = open(async {
        Ok(html! { body {
            (boundary(async {
                wait.await?;
                info!("nobody reads");
                let _ = done.send(());
                Ok(html! {})
            }))
        } })
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
