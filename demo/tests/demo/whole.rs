//! The streamed page is the whole page: for each page, and by an HTML parser.

use anabranch_paint::dom;
use axum::Router;

use crate::support::{BOT, BROWSER, get, site, text};

/// Every page that streams, and those that need not.
pub(crate) const PAGES: [&str; 17] = [
    "/?origin=LGA",
    "/airports",
    "/airports?q=san",
    "/airports?q=%3Cb%3E",
    "/airports/BOS",
    "/airports/JFK",
    "/airports/LEX",
    "/airports/BOS/days",
    "/airlines",
    "/airlines/UA",
    "/airlines/OO",
    "/planes/N14228",
    "/planes/N10156",
    "/flights",
    "/flights/2013-07-04",
    "/flights/2013-12-31",
    "/about",
];

#[tokio::test]
async fn every_page_is_the_same_streamed_and_whole() {
    for path in PAGES {
        assert_streamed_equals_whole(site().await, path).await;
    }
}

/// Compares the page with all patches applied with the page that a bot gets. Returns the number
/// of patches.
pub(crate) async fn assert_streamed_equals_whole(site: Router, path: &str) -> usize {
    let whole = get(site.clone(), path, BOT).await;
    let streamed = get(site, path, BROWSER).await;
    assert_eq!(whole.status(), streamed.status(), "{path}");
    let whole = text(whole.into_body()).await;
    let streamed = text(streamed.into_body()).await;
    for absent in ["<?", "<template", "<script", "aria-busy"] {
        assert!(!whole.contains(absent), "{absent} in {path}");
    }
    let assembled = dom::assemble(timeless(&streamed).as_bytes()).unwrap();
    let whole = dom::whole(timeless(&whole).as_bytes()).unwrap();
    if let Some(difference) = dom::first_difference(assembled.html(), &whole) {
        panic!("{path}: the streamed page is not the whole page: {difference}");
    }
    assembled.patches().len()
}

/// The page without what differs from visit to visit: what it says of time, and an error's id.
pub(crate) fn timeless(page: &str) -> String {
    let page = without(page, "<p class=\"times\">", "</p>");
    without(&page, "under <code>", "</code>")
}

/// `page` without everything from `start` to the next `end`.
fn without(page: &str, start: &str, end: &str) -> String {
    let mut rest = page;
    let mut kept = String::new();
    while let Some((before, after)) = rest.split_once(start) {
        kept.push_str(before);
        rest = after.split_once(end).unwrap().1;
    }
    kept + rest
}
