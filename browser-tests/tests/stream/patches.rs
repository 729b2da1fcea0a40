//! What a page shows at first, and what arrives after it.

use anabranch::prelude::*;
use anabranch_paint::{StreamTest, dom};
use axum::Router;
use axum::routing::get;

use crate::shop::{Shop, ask};

#[tokio::test(start_paused = true)]
async fn the_shell_is_what_a_reader_sees_first() {
    let page = ask("/").await;
    assert_eq!(page.status_at_commit(), 200);
    assert_eq!(
        page.shell(),
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Shop</title></head>\
         <body><h1>Today</h1><p>Adding up…</p><p>Counting…</p><ul><li>…</li></ul>"
    );
    page.shows_loading("revenue");
    page.shows_loading("activity");
    assert_eq!(page.loading_view("orders").unwrap(), "<p>Counting…</p>");
    assert_eq!(page.loading_view("latest"), None);
    let first = page.frames().next().unwrap();
    assert!(first.contains("<?start name=\"0\">") && first.contains("<script data-w"));
}

#[tokio::test(start_paused = true)]
async fn patches_arrive_in_the_order_of_their_release() {
    let mut page = ask("/").await;
    assert!(page.is_waiting().await);

    page.release("activity");
    let patch = page.next_patch().await;
    assert_eq!((&*patch.name, &*patch.wire_name), ("activity", "2"));
    assert_eq!(
        patch.html,
        "<li>Ada bought a lamp</li><li><i>Looking…</i></li>"
    );
    page.shows_loading("latest");
    page.shows_loading("revenue");
    assert_eq!(page.loading_view("activity"), None);
    assert!(page.is_waiting().await);

    page.release("latest");
    let patch = page.next_patch().await;
    assert_eq!(
        (&*patch.name, &*patch.html),
        ("latest", "<b>&lt;/template&gt;</b>")
    );

    page.release("revenue");
    assert_eq!(page.next_patch().await.html, "<p>Revenue: 1024</p>");
    page.release("orders");
    assert_eq!(page.next_patch().await.html, "<p>Orders: 2</p>");
    page.final_dom_equals_whole_mode().await;
    assert!(!page.is_waiting().await, "the response has ended");
}

#[tokio::test(start_paused = true)]
async fn patches_of_one_frame_are_handed_out_one_by_one() {
    let shop = Shop::default();
    let mut page = StreamTest::get(shop.app(), "/").await;
    page.release("orders");
    page.release("revenue");
    assert_eq!(page.patches_waiting().await, 0, "both wait for one query");
    page.advance(secs(1)).await;
    assert_eq!(page.frames().count(), 2);
    assert_eq!(page.patches_waiting().await, 2);
    let both = [page.next_patch().await.name, page.next_patch().await.name];
    assert_eq!(both, ["orders", "revenue"]);
    assert_eq!(page.patches_waiting().await, 0);
    assert_eq!(shop.queries(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_release_may_come_before_its_boundary() {
    let mut page = ask("/").await;
    page.release("latest");
    page.release("activity");
    let patch = page.next_patch().await;
    assert!(patch.html.contains("<i>Looking…</i>"), "{}", patch.html);
    assert_eq!(page.next_patch().await.name, "latest");
}

#[tokio::test(start_paused = true)]
async fn nothing_is_held_on_a_free_page() {
    let mut page = ask("/").free().await;
    let mut names = Vec::new();
    for _ in 0..4 {
        names.push(page.next_patch().await.name);
    }
    assert_eq!(names, ["activity", "latest", "revenue", "orders"]);

    let page = ask("/account").free().await;
    assert!(page.shell().contains("Nameless."), "ready at once: {page}");
}

#[tokio::test(start_paused = true)]
async fn cookies_are_sent_in_one_header_as_by_a_browser() {
    let asked = ask("/account")
        .cookie("session", "ada")
        .cookie("theme", "dark");
    let page = asked.await;
    assert!(
        page.shell().contains("<h1>session=ada; theme=dark</h1>"),
        "{page}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_boundary_without_a_name_is_known_by_its_place() {
    let mut page = ask("/account").cookie("session", "ada").await;
    assert!(page.shell().contains("<h1>session=ada</h1>"));
    let mut lines = include_str!("shop.rs").lines();
    let line = 1 + lines.position(|line| line.contains("Nameless.")).unwrap();
    page.release(&format!("shop.rs:{line}"));
    let patch = page.next_patch().await;
    let place = format!("tests/stream/shop.rs:{line}:");
    assert!(patch.name.contains(&place), "{}", patch.name);
    assert_eq!(patch.html, "<p>Nameless.</p>");
}

#[tokio::test(start_paused = true)]
async fn the_document_is_known_at_every_step() {
    let mut page = ask("/").await;
    assert_eq!(page.dom(), dom::whole(page.shell().as_bytes()).unwrap());
    page.release("revenue");
    page.next_patch().await;
    let dom = page.dom();
    assert!(
        dom.contains("Revenue: 1024") && dom.contains("Counting…"),
        "{dom}"
    );
    page.finish().await;
    let dom = page.dom();
    assert!(
        dom.contains("Orders: 2") && !dom.contains("Counting…"),
        "{dom}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_boundary_goes_by_the_place_where_it_was_made() {
    const LINE: u32 = line!() + 3;
    async fn nameless() -> Result {
        let late = async { Ok(html! { p { "Late." } }) };
        let late = boundary(late).loading(html! { p { "…" } });
        Ok(html! { body { (late) } })
    }
    let app = Router::new().route("/", get(page(nameless)));
    let mut page = StreamTest::get(app, "/").await;
    let place = format!("patches.rs:{LINE}");

    page.shows_loading(&place);
    assert_eq!(page.loading_view(&place).unwrap(), "<p>…</p>");
    assert!(!page.is_complete(&place));
    page.release(&place);
    let patch = page.next_patch().await;
    assert!(patch.name.contains(&place), "{}", patch.name);
    assert!(page.is_complete(&place));
    assert_eq!(page.loading_view("patches.rs:1"), None);
}

/// Alone in the parentheses of the macro, a call has the span of these, which is that of the macro.
#[tokio::test(start_paused = true)]
async fn in_html_a_boundary_on_which_nothing_is_called_goes_by_the_place_of_the_macro() {
    const HTML: u32 = line!() + 3;
    async fn nameless() -> Result {
        let late = async || Ok(html! { p { "Late." } });
        Ok(html! {
            body {
                (boundary(late()))
                (boundary(late()).deadline(secs(9)))
                (boundary(late())
                    .loading(html! { p { "…" } }))
                @let later = boundary(late());
                (later)
            }
        })
    }
    let app = Router::new().route("/", get(page(nameless)));
    let mut page = StreamTest::get(app, "/").await;
    page.release_all();
    for line in [HTML, HTML + 3, HTML + 4, HTML + 6] {
        let patch = page.next_patch().await;
        let place = format!("patches.rs:{line}:");
        assert!(patch.name.contains(&place), "{} for {place}", patch.name);
    }
}
