//! Deadlines, grace and the sign of life, on paused time.

use std::time::Duration;

use anabranch_boundaries::{Result, boundary, share};
use anabranch_engine::Settings;
use http::StatusCode;
use maud::html;
use tokio::time::Instant;

use crate::support::{gate, open, open_with, visit};

const SECOND: Duration = Duration::from_secs(1);

async fn never() -> Result {
    std::future::pending().await
}

async fn after(time: Duration) -> Result {
    tokio::time::sleep(time).await;
    Ok(html! { "content" })
}

fn quiet() -> Settings {
    Settings::new().heartbeat(1000 * SECOND)
}

#[tokio::test(start_paused = true)]
async fn a_missed_deadline_is_a_timeout_view_and_its_work_is_dropped() {
    let (gate, wait) = gate();
    let start = Instant::now();
    let mut page = open_with(visit(quiet()), async {
        Ok(html! {
            (boundary(async { wait.await?; never().await })
                .deadline(2 * SECOND)
                .error(|e| html! { (if e.is_timeout() { "too late" } else { "other" }) }))
            (boundary(after(SECOND)))
        })
    })
    .await;
    page.frame().await;
    assert_eq!(page.frame().await, "<template for=\"1\">content</template>");
    assert_eq!(start.elapsed().as_secs(), 1);
    assert!(!gate.is_abandoned());
    assert_eq!(
        page.frame().await,
        "<template for=\"0\">too late</template></body></html>#"
    );
    assert_eq!(start.elapsed().as_secs(), 2);
    assert!(gate.is_abandoned());
    page.end().await;
}

#[tokio::test(start_paused = true)]
async fn every_boundary_has_a_deadline_and_no_stream_hangs() {
    let start = Instant::now();
    let mut page = open_with(visit(quiet()), async { Ok(html! { (boundary(never())) }) }).await;
    page.frame().await;
    assert!(page.frame().await.contains("took too long. (error "));
    assert_eq!(start.elapsed().as_secs(), 30);
    page.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_deadline_runs_from_the_moment_its_boundary_registered() {
    let start = Instant::now();
    let mut page = open_with(visit(quiet()), async {
        Ok(html! {
            (boundary(async {
                tokio::time::sleep(3 * SECOND).await;
                Ok(html! { (boundary(never()).deadline(2 * SECOND)) })
            }))
        })
    })
    .await;
    page.frame().await;
    page.frame().await;
    assert_eq!(start.elapsed().as_secs(), 3);
    assert!(page.frame().await.contains("took too long"));
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn the_response_as_a_whole_has_a_deadline() {
    let start = Instant::now();
    let settings = quiet().response_deadline(4 * SECOND);
    let mut page = open_with(visit(settings), async {
        Ok(html! { @for _ in 0..3 { (boundary(never()).deadline(100 * SECOND)) } })
    })
    .await;
    page.frame().await;
    assert_eq!(page.frame().await.matches("took too long").count(), 3);
    assert_eq!(start.elapsed().as_secs(), 4);
    page.end().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_never_completes_is_a_504() {
    let page = open(never()).await;
    assert_eq!(page.status, StatusCode::GATEWAY_TIMEOUT);
}

#[tokio::test(start_paused = true)]
async fn a_boundary_that_awaits_late_shared_work_times_out_alone() {
    let mut page = open_with(visit(quiet()), async {
        let shared = share(async {
            tokio::time::sleep(5 * SECOND).await;
            Ok::<_, anabranch_boundaries::Error>("shared")
        });
        let (hasty, patient) = (shared.clone(), shared);
        Ok(html! {
            (boundary(async { Ok(html! { (hasty.await?) }) })
                .deadline(SECOND)
                .error(|_| html! { "hasty" }))
            (boundary(async { Ok(html! { (patient.await?) }) }))
        })
    })
    .await;
    page.frame().await;
    assert_eq!(page.frame().await, "<template for=\"0\">hasty</template>");
    assert_eq!(
        page.frame().await,
        "<template for=\"1\">shared</template></body></html>#"
    );
}

#[tokio::test(start_paused = true)]
async fn grace_folds_in_what_finishes_within_it() {
    let start = Instant::now();
    let settings = quiet().grace(Duration::from_millis(50));
    let mut page = open_with(visit(settings.clone()), async {
        Ok(html! {
            (boundary(after(Duration::from_millis(20))).loading(|| panic!("folded")))
            (boundary(after(SECOND)).loading(html! { "…" }))
        })
    })
    .await;
    assert_eq!(start.elapsed().as_millis(), 50);
    assert_eq!(page.frame().await, "content<?start name=\"0\">…<?end>");
    assert_eq!(page.rest().await.len(), 1);

    let start = Instant::now();
    let page = open_with(visit(settings), async {
        Ok(html! { (boundary(after(Duration::from_millis(20)))) })
    })
    .await;
    assert_eq!(page.body.into_whole().unwrap(), "content");
    assert_eq!(start.elapsed().as_millis(), 20);
}

#[tokio::test(start_paused = true)]
async fn silence_is_broken_by_a_trigger_as_a_sign_of_life() {
    let start = Instant::now();
    let mut page = open(async { Ok(html! { (boundary(after(12 * SECOND))) }) }).await;
    page.frame().await;
    for beat in [5, 10] {
        assert_eq!(page.raw().await.unwrap(), "<script>self.$a&&$a()</script>");
        assert_eq!(start.elapsed().as_secs(), beat);
    }
    assert!(page.frame().await.contains("content"));
    page.end().await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_the_commit_holds_nothing_back() {
    let mut visit = visit(quiet().max_unsent(1));
    visit.audience.whole = true;
    let page = open_with(visit, async {
        Ok(html! {
            (boundary(async { Ok(html! { "outer " }) }))
            (boundary(async {
                tokio::time::sleep(SECOND).await;
                Ok(html! { (boundary(after(SECOND))) })
            }))
        })
    })
    .await;
    assert_eq!(page.body.into_whole().unwrap(), "outer content");
}

#[tokio::test(start_paused = true)]
async fn a_duration_may_be_as_long_as_it_likes() {
    let settings = Settings::new()
        .heartbeat(Duration::MAX)
        .deadline(Duration::MAX)
        .response_deadline(Duration::MAX)
        .grace(Duration::MAX);
    let page = open_with(visit(settings), async {
        Ok(html! { (boundary(after(SECOND)).deadline(Duration::MAX)) })
    })
    .await;
    assert_eq!(page.body.into_whole().unwrap(), "content");
}
