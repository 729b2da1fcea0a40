//! The page whose visitor opens the gates: what leaves when, and what becomes of visits.

use std::time::Duration;

use anabranch_paint::StreamTest;
use anabranch_site::site;
use anabranch_site::watch::{GATES, MOST, PATIENCE, Visits};
use axum::Router;

use crate::support::{get, post};

#[tokio::test(start_paused = true)]
async fn parts_leave_in_the_order_of_the_visitor() {
    let site = site();
    let mut page = StreamTest::get(site.clone(), "/watch").free().await;
    let id = id(page.shell());
    for gate in &GATES {
        assert!(!page.shell().contains(&format!("id=\"{}\"", gate.name)));
    }
    for gate in ["weather", "level", "ferries"] {
        assert!(page.is_waiting().await);
        assert_eq!(open(&site, &id, gate).await, 204);
        assert_eq!(page.next_patch().await.name, gate);
    }
    page.finish_by(&site, &id, "all").await;
    // The visit is over.
    assert_eq!(open(&site, &id, "all").await, 404);
}

#[tokio::test(start_paused = true)]
async fn a_part_inside_of_another_arrives_with_it() {
    let site = site();
    let mut page = StreamTest::get(site.clone(), "/watch").free().await;
    let id = id(page.shell());
    open(&site, &id, "entry").await;
    assert!(page.is_waiting().await);
    open(&site, &id, "log").await;
    let patch = page.next_patch().await;
    assert_eq!(patch.name, "log");
    assert!(patch.html.contains("id=\"entry\""), "{}", patch.html);
}

#[tokio::test(start_paused = true)]
async fn the_timeline_has_a_line_for_each_frame() {
    let site = site();
    let mut page = StreamTest::get(site.clone(), "/watch").free().await;
    let id = id(page.shell());
    let path = format!("/watch/{id}/timeline");
    let mut timeline = StreamTest::get(site.clone(), &path).free().await;
    let shell = page.frames().next().unwrap().len();
    assert!(timeline.shell().contains("The shell"));
    assert!(
        timeline.shell().contains(&format!("{shell} B")),
        "{}",
        timeline.shell()
    );

    open(&site, &id, "ferries").await;
    let patch = page.next_patch().await;
    assert_eq!(patch.name, "ferries");
    let line = timeline.next_patch().await.html;
    assert!(
        line.contains("Ferries") && line.contains("&lt;template for="),
        "{line}"
    );

    page.finish_by(&site, &id, "all").await;
    drop(page);
    timeline.finish().await;
    let lines = timeline.dom();
    assert!(lines.contains("The response has ended."), "{lines}");
    assert!(
        lines.contains("Water level, Harbour log, Latest entry, Weather"),
        "{lines}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_gate_that_nobody_opens_says_so_and_nothing_hangs() {
    let site = site();
    let mut page = StreamTest::get(site.clone(), "/watch").free().await;
    let id = id(page.shell());
    open(&site, &id, "weather").await;
    assert_eq!(page.next_patch().await.name, "weather");
    page.advance(PATIENCE + Duration::from_secs(1)).await;
    page.finish().await;
    let text = page.dom();
    assert_eq!(
        text.matches("Nobody opened this gate in time").count(),
        3,
        "{text}"
    );
    assert_eq!(open(&site, &id, "all").await, 404);
}

#[tokio::test(start_paused = true)]
async fn a_visitor_that_leaves_leaves_nothing_behind() {
    let site = site();
    let page = StreamTest::get(site.clone(), "/watch").free().await;
    let id = id(page.shell());
    assert_eq!(open(&site, &id, "nothing").await, 404);
    drop(page);
    assert_eq!(open(&site, &id, "level").await, 404);
    assert_eq!(get(&format!("/watch/{id}/timeline")).await.status, 404);
    assert_eq!(get("/watch/../x").await.status, 404);
}

#[tokio::test]
async fn there_are_so_many_visits_and_no_more() {
    let visits = Visits::default();
    let mut begun: Vec<_> = (0..MOST)
        .map(|_| visits.begin().unwrap().unwrap())
        .collect();
    assert!(visits.begin().unwrap().is_none());
    let last = begun.pop().unwrap();
    let id = last.visit().id().to_owned();
    assert!(visits.find(&id).is_some());
    drop(last);
    assert!(visits.find(&id).is_none());
    assert!(visits.begin().unwrap().is_some());
    drop(begun);
    assert_eq!(visits.count(), 0);
}

#[tokio::test]
async fn who_takes_no_stream_waits_for_no_gate() {
    let page = get("/watch").await;
    assert_eq!(page.status, 200);
    for gate in &GATES {
        assert!(
            page.text.contains(&format!("id=\"{}\"", gate.name)),
            "{}",
            gate.name
        );
    }
    assert!(page.text.contains("They are all open") && !page.text.contains("<form class=\"gate\""));
}

async fn open(site: &Router, id: &str, gate: &str) -> u16 {
    post(site.clone(), &format!("/watch/{id}/{gate}"))
        .await
        .as_u16()
}

/// The id of a visit, from the action of a form.
fn id(shell: &str) -> String {
    let (_, rest) = shell.split_once("action=\"/watch/").unwrap();
    rest.split('/').next().unwrap().to_owned()
}

/// Opens what is left, and reads to the end.
trait FinishBy {
    async fn finish_by(&mut self, site: &Router, id: &str, gate: &str);
}

impl FinishBy for StreamTest {
    async fn finish_by(&mut self, site: &Router, id: &str, gate: &str) {
        assert_eq!(open(site, id, gate).await, 204);
        self.finish().await;
    }
}
