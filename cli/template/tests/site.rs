//! The pages, without a server and without a browser. Each part waits until its test releases it,
//! and time passes only while everything waits for it, so nothing takes long.

use anabranch_paint::StreamTest;
use site::app::router;

#[tokio::test(start_paused = true)]
async fn the_rivers_follow_the_shell_and_their_flows_follow_them() {
    let mut page = StreamTest::get(router(), "/").await;
    assert_eq!(page.status_at_commit(), 200);
    page.shows_loading("rivers");

    page.release("rivers");
    let rivers = page.next_patch().await.html;
    assert!(rivers.contains("Amazon"), "{rivers}");
    page.shows_loading("flow");

    page.release("flow");
    let first = page.next_patch().await.html;
    assert!(first.contains("767"), "{first}");
    page.final_dom_equals_whole_mode().await;
}

#[tokio::test(start_paused = true)]
async fn whoever_reads_no_streams_gets_the_same_page_whole() {
    let page = StreamTest::get(router(), "/rivers/ob");
    let page = page.user_agent("Googlebot").await;
    let whole = page.shell();
    assert!(whole.contains("<title>Ob</title>"), "{whole}");
    assert!(whole.contains("3650 km"), "{whole}");
}

#[tokio::test(start_paused = true)]
async fn a_river_that_is_not_there_is_not_found() {
    // Free, because a part that is held would keep the status waiting.
    let page = StreamTest::get(router(), "/rivers/styx").free().await;
    assert_eq!(page.status_at_commit(), 404);
}

#[tokio::test(start_paused = true)]
async fn the_rivers_are_there_as_json() {
    let rivers = StreamTest::get(router(), "/api/rivers").await;
    let amazon = br#"[{"slug":"amazon","name":"Amazon","length":6400}"#;
    assert!(rivers.bytes().starts_with(amazon), "{rivers}");
}
