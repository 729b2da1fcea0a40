//! A page and its tests: one on paused time without a browser, one in a real Chromium.
//!
//! `cargo test -p examples --bin testing_a_page` runs them. Each part of the page waits until the
//! test releases it, so none waits for a clock.

use anabranch::prelude::*;
use axum::{Router, routing::get};
use examples::document;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    examples::serve(router()).await
}

fn router() -> Router {
    Router::new().route("/", get(page(home)))
}

async fn home() -> Result {
    let visits = part(3, "1,024 visits");
    let sales = part(1, "12 sales");
    Ok(document(
        "Today",
        &html! {
            (boundary(visits).name("visits").loading(html! { p { "Counting…" } }))
            (boundary(sales).name("sales").loading(html! { p { "Adding up…" } }))
        },
    ))
}

async fn part(seconds: u64, text: &str) -> Result {
    tokio::time::sleep(secs(seconds)).await;
    Ok(html! { p { (text) } })
}

#[cfg(test)]
mod tests {
    use anabranch_paint::{Result, Site, StreamTest};

    use super::router;

    #[tokio::test(start_paused = true)]
    async fn each_part_follows_when_it_is_there() {
        let mut page = StreamTest::get(router(), "/").await;
        page.shows_loading("visits");
        page.shows_loading("sales");
        page.release("sales");
        assert_eq!(page.next_patch().await.html, "<p>12 sales</p>");
        page.release("visits");
        assert_eq!(page.next_patch().await.html, "<p>1,024 visits</p>");
        page.final_dom_equals_whole_mode().await;
    }

    #[test]
    fn visitors_see_each_part_when_it_is_there() -> Result {
        let site = Site::start(router())?;
        let page = site.open("/")?;
        page.shows_loading("visits");
        page.release("sales");
        page.painted("sales").after("shell").while_open();
        page.shows_loading("visits");
        site.release_all();
        page.final_dom_equals_whole_mode();
        page.no_layout_shift_over(0.0);
        page.no_console_errors();
        Ok(())
    }
}
