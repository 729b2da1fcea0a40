//! What is fixed before the first byte, and what comes too late for it.

use anabranch::prelude::*;
use anabranch_paint::StreamTest;
use axum::Router;
use axum::http::Method;
use axum::routing::get;

use crate::shop::ask;

#[tokio::test(start_paused = true)]
async fn a_redirect_and_a_not_found_before_the_commit_are_real() {
    let page = ask("/old").await;
    assert_eq!(page.status_at_commit(), 303);
    assert_eq!(page.header("location"), Some("/products/7"));
    assert_eq!(ask("/products/8").await.status_at_commit(), 404);
    assert_eq!(ask("/nowhere").await.status_at_commit(), 404);
}

#[tokio::test(start_paused = true)]
async fn a_failed_page_differs_from_the_whole_one_in_its_error_id_alone() {
    async fn fails() -> Result {
        Err(Error::msg("the database is away"))
    }
    let mut page = StreamTest::get(Router::new().route("/", get(page(fails))), "/").await;
    assert_eq!(page.status_at_commit(), 500);
    assert!(page.shell().contains(">Error "), "{page}");
    page.final_dom_equals_whole_mode().await;
}

#[tokio::test(start_paused = true)]
async fn headers_are_there_at_the_commit_and_the_title_may_be_late() {
    let mut page = ask("/products/7").await;
    assert_eq!(page.headers()["x-product"], "7");
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert!(
        page.dom().contains("<title>\n\"Shop\"\n</title>"),
        "{}",
        page.dom()
    );
    page.release("details");
    assert_eq!(page.next_patch().await.html, "<p>A lamp.</p>");
    assert_eq!(
        page.patches_waiting().await,
        0,
        "the title is no patch of a boundary"
    );
    page.final_dom_equals_whole_mode().await;
    assert!(
        page.dom().contains("<title>\n\"Lamp\"\n</title>"),
        "{}",
        page.dom()
    );
}

#[tokio::test(start_paused = true)]
async fn a_not_found_after_the_commit_shows_in_place() {
    let mut page = ask("/gone").await;
    assert_eq!(page.status_at_commit(), 200);
    page.release("details");
    page.next_patch().await;
    page.finish().await;
    assert!(page.dom().contains("noindex"), "{}", page.dom());
}

#[tokio::test(start_paused = true)]
async fn failures_stay_in_their_places() {
    let mut page = ask("/broken").await;
    assert_eq!(page.status_at_commit(), 200);
    for name in ["panics", "well", "fails"] {
        page.release(name);
        let patch = page.next_patch().await;
        assert_eq!(patch.name, name);
        assert_eq!(
            patch.html.contains("Sorry, error"),
            name != "well",
            "{}",
            patch.html
        );
        assert!(!patch.html.contains("database") && !patch.html.contains("bug"));
    }
    page.final_dom_equals_whole_mode().await;
}

#[tokio::test(start_paused = true)]
async fn bots_and_head_get_it_whole_and_nothing_is_held() {
    let mut page = ask("/").user_agent("Googlebot/2.1").await;
    assert!(page.shell().contains("Revenue: 1024"), "{page}");
    assert!(!page.is_waiting().await);
    let head = ask("/").method(Method::HEAD).await;
    assert_eq!((head.status_at_commit().as_u16(), head.shell()), (200, ""));
}
