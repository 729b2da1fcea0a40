//! Paused time: deadlines, and signs of life.

use anabranch::{millis, secs};

use crate::shop::ask;

#[tokio::test(start_paused = true)]
async fn a_missed_deadline_shows_its_view() {
    let mut page = ask("/slow").await;
    page.release("report");
    page.advance(secs(5) - millis(10)).await;
    assert_eq!(page.patches_waiting().await, 0);
    page.shows_loading("report");
    page.advance(millis(10)).await;
    assert_eq!(page.next_patch().await.html, "<p>Later.</p>");
    page.final_dom_equals_whole_mode().await;
}

#[tokio::test(start_paused = true)]
async fn a_boundary_that_is_never_released_times_out_as_well() {
    let mut page = ask("/slow").await;
    page.advance(secs(6)).await;
    assert_eq!(page.next_patch().await.html, "<p>Later.</p>");
}

#[tokio::test(start_paused = true)]
async fn signs_of_life_are_frames_and_no_patches() {
    let mut page = ask("/").await;
    page.advance(secs(12)).await;
    assert_eq!(page.frames().count(), 3, "{page}");
    assert_eq!(page.patches_waiting().await, 0);
    assert!(page.is_waiting().await);
    page.release("revenue");
    assert_eq!(page.next_patch().await.name, "revenue");
}
