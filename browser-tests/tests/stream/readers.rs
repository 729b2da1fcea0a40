//! Readers that stop, and readers that take the page in tiny parts.

use std::convert::Infallible;

use anabranch::secs;
use anabranch_inspector::Inspector;
use anabranch_paint::{StreamTest, dom};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::{Next, map_response};
use axum::response::Response;
use futures_util::{StreamExt, stream};

use crate::shop::{Shop, ask};

#[tokio::test(start_paused = true)]
async fn a_slow_reader_keeps_no_connection() {
    let shop = Shop::default();
    let mut page = StreamTest::get(shop.app(), "/").await;
    page.release_all();
    page.advance_without_reading(secs(1)).await;
    for name in ["revenue", "orders", "activity", "latest"] {
        assert!(page.is_complete(name), "{page}");
    }
    assert_eq!(shop.lent(), 0);
    assert_eq!(page.frames().count(), 1, "nothing was read");

    assert_eq!(
        page.patches_waiting().await,
        3,
        "the inner one is folded in"
    );
    page.final_dom_equals_whole_mode().await;
}

#[tokio::test(start_paused = true)]
async fn what_is_held_does_not_complete_behind_a_slow_reader() {
    let mut page = ask("/").await;
    page.release("revenue");
    page.advance_without_reading(secs(1)).await;
    assert!(page.is_complete("revenue"));
    assert!(!page.is_complete("orders"));
    assert!(!page.is_complete("latest"), "it is not rendered yet");
}

#[tokio::test(start_paused = true)]
async fn a_page_may_be_cut_anywhere_on_its_way() {
    let app = Shop::default().app().layer(map_response(in_bytes));
    let mut page = StreamTest::get(app, "/").await;
    for name in ["latest", "activity", "orders", "revenue"] {
        page.release(name);
    }
    let first = page.next_patch().await;
    assert_eq!(first.name, "activity");
    assert_eq!(
        first.html,
        "<li>Ada bought a lamp</li><li><i>Looking…</i></li>"
    );
    page.final_dom_equals_whole_mode().await;
    assert!(page.frames().count() > 1_000);

    let in_parts = dom::assemble_parts(page.bytes().chunks(1)).unwrap();
    assert_eq!(in_parts.html(), page.dom());
}

/// Sends each byte as a frame of its own.
async fn in_bytes(response: Response) -> Response {
    response.map(|body| {
        let frames = body.into_data_stream();
        Body::from_stream(frames.flat_map(|frame| {
            let bytes: Vec<u8> = frame.unwrap().into();
            stream::iter(bytes).map(|byte| Ok::<_, Infallible>(Bytes::copy_from_slice(&[byte])))
        }))
    })
}

/// The mutant that the kit is for: a layer that collects the page.
pub(crate) fn buffered(app: Router) -> Router {
    app.layer(axum::middleware::from_fn(
        |request: Request, next: Next| async {
            let (parts, body) = next.run(request).await.into_parts();
            let page = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Response::from_parts(parts, Body::from(page))
        },
    ))
}

#[tokio::test(start_paused = true)]
async fn an_inspector_around_the_app_is_no_part_of_its_pages() {
    let app = Shop::default().app().layer(Inspector::on());
    let plain = ask("/").await;
    let mut page = StreamTest::get(app.clone(), "/").await;
    assert!(page.frames().next().unwrap().contains("data-anabranch"));
    assert_eq!((page.shell(), page.dom()), (plain.shell(), plain.dom()));
    page.release("orders");
    assert_eq!(page.next_patch().await.html, "<p>Orders: 2</p>");
    page.final_dom_equals_whole_mode().await;
    // One without boundaries is inspected too.
    let page = StreamTest::get(app, "/account").free().await;
    assert!(page.frames().next().unwrap().contains("data-anabranch"));
    let plain = ask("/account").free().await;
    assert_eq!((page.shell(), page.dom()), (plain.shell(), plain.dom()));
}
