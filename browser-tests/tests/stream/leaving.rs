//! Readers that leave, at every point at which one can.

use anabranch::prelude::*;
use anabranch_paint::stream::{Disconnect, StreamTest, disconnect_at_every_await};
use axum::Router;
use axum::routing::get;

use crate::messages::message;
use crate::shop::Shop;

#[tokio::test(start_paused = true)]
async fn everything_is_dropped_wherever_the_reader_leaves() {
    let shop = Shop::default();
    let app = shop.app();
    let mut visits: Vec<Disconnect> = Vec::new();
    let count = disconnect_at_every_await(
        || StreamTest::get(app.clone(), "/"),
        |visit| {
            assert_eq!(shop.lent(), 0, "{visit}");
            visits.push(*visit);
        },
    )
    .await;
    assert_eq!(count, visits.len());
    let frames = |n| {
        visits
            .iter()
            .any(|visit| visit.committed && visit.frames == n)
    };
    assert!((0..5).all(frames), "{visits:?}");
    assert!(visits.iter().filter(|visit| visit.finished).count() == 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_waits_before_its_commit_is_left_there_too() {
    let app = Router::new().route("/", get(page(waits_first)));
    let mut early = 0;
    disconnect_at_every_await(
        || StreamTest::get(app.clone(), "/"),
        |visit| early += usize::from(!visit.committed),
    )
    .await;
    assert!(early > 0);
}

async fn waits_first() -> Result {
    tokio::time::sleep(secs(1)).await;
    Ok(html! { (boundary(async { Ok(html! { "Done" }) })) })
}

#[tokio::test(start_paused = true)]
async fn a_task_that_runs_on_is_found() {
    let app = || Router::new().route("/", get(page(starts_a_task)));
    let visits = disconnect_at_every_await(|| StreamTest::get(app(), "/"), |_| {});
    let message = message(visits).await;
    assert!(
        message.starts_with("1 task(s) run on when the reader leaves"),
        "{message}"
    );
    assert!(message.contains("\"report\""), "{message}");
}

async fn starts_a_task() -> Result {
    let report = async {
        let task = tokio::spawn(tokio::time::sleep(millis(10)));
        task.await?;
        Ok(html! { "The report." })
    };
    Ok(html! { (boundary(report).name("report")) })
}

#[tokio::test(start_paused = true)]
async fn a_guard_that_is_kept_is_found_by_the_check() {
    let shop = Shop::default();
    let kept = shop.clone();
    let app = Router::new().route(
        "/",
        get(page(move || {
            std::mem::forget(kept.connection());
            async { Ok(html! { (boundary(async { Ok(html! { "Done" }) })) }) }
        })),
    );
    let visits = disconnect_at_every_await(
        || StreamTest::get(app.clone(), "/"),
        |visit| assert_eq!(shop.lent(), 0, "{visit}"),
    );
    let message = message(visits).await;
    assert!(message.contains("at poll 1"), "{message}");
}
