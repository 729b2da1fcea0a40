//! What a monitor knows of a page.

use std::time::Duration;

use anabranch_boundaries::{Error, Result, boundary};
use anabranch_engine::{Cut, Drain, Monitor, Settings, Visit};
use maud::html;

use crate::support::{gate, open_with, visit};

fn watched(monitor: &Monitor) -> Visit {
    let settings = Settings::new().heartbeat(Duration::from_secs(1000));
    Visit {
        monitor: Some(monitor.clone()),
        ..visit(settings)
    }
}

async fn never() -> Result {
    std::future::pending().await
}

/// Boundaries, pending, failed, timed out.
fn counts(monitor: &Monitor) -> [u32; 4] {
    [
        monitor.boundaries(),
        monitor.pending(),
        monitor.failed(),
        monitor.timed_out(),
    ]
}

#[tokio::test(start_paused = true)]
async fn it_counts_boundaries_and_what_became_of_them() {
    let monitor = Monitor::new();
    let (gate, wait) = gate();
    let mut page = open_with(watched(&monitor), async {
        Ok(html! {
            (boundary(async { Ok(html! { "at once" }) }))
            (boundary(async { Err(Error::msg("broken")) }))
            (boundary(never()).deadline(Duration::from_secs(1)))
            (boundary(async { wait.await?; Ok(html! { (boundary(never())) }) }))
        })
    })
    .await;
    assert_eq!(counts(&monitor), [4, 2, 1, 0]);
    page.frame().await;
    gate.open();
    page.frame().await;
    assert_eq!(counts(&monitor), [5, 2, 1, 0]);
    page.frame().await;
    assert_eq!(counts(&monitor), [5, 1, 2, 1]);
    drop(page);
    assert_eq!(counts(&monitor), [5, 0, 2, 1]);
    assert_eq!(monitor.cut(), None);
}

#[tokio::test(start_paused = true)]
async fn it_counts_a_boundary_whose_loading_view_failed() {
    let monitor = Monitor::new();
    let page = open_with(watched(&monitor), async {
        Ok(html! { (boundary(never()).loading(|| panic!("on purpose"))) })
    });
    page.await;
    assert_eq!(counts(&monitor), [1, 0, 1, 0]);
}

#[tokio::test(start_paused = true)]
async fn it_knows_why_a_page_was_ended_early() {
    let monitor = Monitor::new();
    let mut visit = watched(&monitor);
    visit.settings = visit.settings.response_deadline(Duration::from_secs(1));
    let page = async { Ok(html! { (boundary(never())) }) };
    open_with(visit, page).await.rest().await;
    assert_eq!(monitor.cut(), Some(Cut::Deadline));
    assert_eq!(counts(&monitor), [1, 0, 1, 1]);

    let (monitor, drain) = (Monitor::new(), Drain::new());
    drain.end_pages();
    let visit = Visit {
        drain: Some(drain),
        ..watched(&monitor)
    };
    let page = async { Ok(html! { (boundary(never())) }) };
    open_with(visit, page).await.rest().await;
    assert_eq!(monitor.cut(), Some(Cut::Drain));
}
