//! What a failed assertion says.

use std::io;
use std::panic::AssertUnwindSafe;

use anabranch::prelude::*;
use anabranch_paint::StreamTest;
use anabranch_paint::stream::in_every_order;
use axum::Router;
use axum::body::Body;
use axum::response::Html;
use axum::routing::get;
use futures_util::stream::BoxStream;
use futures_util::{FutureExt, StreamExt, stream};

use crate::readers::buffered;
use crate::shop::{Shop, ask};

/// The message with which `test` fails.
pub(crate) async fn message<T>(test: impl Future<Output = T>) -> String {
    let Err(panic) = AssertUnwindSafe(test).catch_unwind().await else {
        panic!("it did not fail");
    };
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => (*panic.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[tokio::test(start_paused = true)]
async fn it_shows_every_frame_and_the_state_of_every_boundary() {
    let mut page = ask("/").await;
    page.release("activity");
    page.next_patch().await;
    let message = message(page.next_patch()).await;
    let mut lines = message.lines();
    let held = "no patch is on its way: held are revenue, orders, latest";
    assert_eq!(lines.next(), Some(held));
    let place = lines.next().unwrap();
    assert!(
        place.starts_with("  at browser-tests/tests/stream/messages.rs:"),
        "{place}"
    );
    let rest: Vec<_> = lines.collect();
    assert_eq!(rest[..2], ["", "GET /: 200 OK"]);
    assert!(
        rest[2].starts_with("frame 1, the shell: <!DOCTYPE html>"),
        "{message}"
    );
    assert!(
        rest[3].starts_with("frame 2: <template for=\"2\"><li>Ada"),
        "{message}"
    );
    assert_eq!(
        rest[4..9],
        [
            "The response is open.",
            "- \"revenue\" is held, shows its loading view",
            "- \"orders\" is held, shows its loading view",
            "- \"activity\" is complete, sent as the patch 2",
            "- \"latest\" is held, shows its loading view",
        ]
    );
    let folder = rest[9].strip_prefix("All frames: ").unwrap();
    let frames = std::fs::read_to_string(format!("{folder}/frames.txt")).unwrap();
    assert!(frames.contains("<?start name=\"0\">") && frames.contains("Ada bought"));
}

#[tokio::test(start_paused = true)]
async fn there_is_no_patch_after_the_end() {
    let mut page = ask("/broken").await;
    page.finish().await;
    for _ in 0..3 {
        page.next_patch().await;
    }
    let message = message(page.next_patch()).await;
    assert!(
        message.starts_with("there is no further patch"),
        "{message}"
    );
    assert!(message.contains("The response has ended."), "{message}");
    assert!(
        message.contains("\"fails\" has failed: the database is away"),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_loading_view_is_named() {
    let app = Router::new().route("/", get(page(bare)));
    let page = StreamTest::get(app, "/").await;
    let bare = message(async { page.shows_loading("bare") }).await;
    let why = "\"bare\" is held, has no loading view: nothing shows in its place";
    assert!(
        bare.contains(&format!("no loading view of \"bare\": {why}")),
        "{bare}"
    );
    let unknown = message(async { page.shows_loading("barr") }).await;
    assert!(unknown.contains("\"barr\" was not rendered"), "{unknown}");
    let inside = "or never placed it, or it stands inside of one that is held\n";
    assert!(unknown.contains(inside), "{unknown}");
    assert!(unknown.contains(why), "{unknown}");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_awaits_its_part_before_its_shell_is_told_so() {
    let count = async || {
        tokio::time::sleep(secs(3)).await;
        Ok::<_, Error>(html! { p { "1,024" } })
    };
    let blocked = async move || -> Result { Ok(html! { h1 { "Home" } (count().await?) }) };
    let app = Router::new().route("/", get(page(blocked)));
    let page = StreamTest::get(app, "/").await;
    let message = message(async { page.shows_loading("count") }).await;
    let expected = "the page shows no loading view of \"count\": \"count\" was not rendered: \
        no such boundary was in the shell. The page awaited it before its shell, which it \
        blocks then, or never placed it\n";
    assert!(message.starts_with(expected), "{message}");
    assert!(
        message.contains("frame 1, the shell: <h1>Home</h1><p>1,024</p>"),
        "{message}"
    );
}

async fn bare() -> Result {
    Ok(html! { body { (boundary(async { Ok(html! { "Bare." }) }).name("bare")) } })
}

#[tokio::test(start_paused = true)]
async fn a_layer_that_buffers_is_found() {
    let page = StreamTest::get(buffered(Shop::default().app()), "/").await;
    let message = message(async { page.shows_loading("revenue") }).await;
    assert!(
        message.starts_with("the page shows no loading view of \"revenue\""),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_that_differs_from_the_whole_one_is_found() {
    let visits = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(1));
    let counted = page(move || {
        let visit = visits.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let count = async move { Ok(html! { p { "Visit " (visit) } }) };
        async { Ok(html! { body { (boundary(count).name("count")) } }) }
    });
    let mut page = StreamTest::get(Router::new().route("/", get(counted)), "/").await;
    let message = message(page.final_dom_equals_whole_mode()).await;
    assert!(
        message.contains("\"Visit 1\"") && message.contains("\"Visit 2\""),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_breaks_a_rule_is_found() {
    let handmade = "<p>Hi</p><template for=\"0\">late</template></body></html><!--$a-->";
    let app = Router::new().route("/", get(async move || Html(handmade)));
    let page = StreamTest::get(app, "/").await;
    let message = message(async { page.dom() }).await;
    assert!(
        message.starts_with("no place for the patch \"0\""),
        "{message}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_response_that_is_cut_is_found() {
    let app = Router::new().route(
        "/",
        get(async || {
            let cut = Err(io::Error::other("the cable"));
            Body::from_stream(stream::iter([
                Ok("<p>Hi</p><?start name=\"0\">…<?end>"),
                cut,
            ]))
        }),
    );
    let mut page = StreamTest::get(app, "/").await;
    let cut = message(page.finish()).await;
    assert!(cut.starts_with("the response was cut\n  at "), "{cut}");
    assert!(cut.contains("The response was cut: the cable"), "{cut}");
    assert!(
        page.dom().contains("\"…\""),
        "what has arrived is there: {page}"
    );
}

#[tokio::test(start_paused = true)]
async fn of_very_many_frames_it_shows_the_ends() {
    let app = Router::new().route(
        "/",
        get(async || {
            Body::from_stream(stream::iter(
                (0..100).map(|n| Ok::<_, io::Error>(format!("<p>{n}</p>"))),
            ))
        }),
    );
    let mut page = StreamTest::get(app, "/").await;
    page.finish().await;
    let text = page.to_string();
    assert!(
        text.contains("frame 10: <p>9</p>\n… 80 frames more …\nframe 91: <p>90</p>"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_no_page_to_compare() {
    let expected = "in one piece there is no page: it leads to /products/7";
    let mut page = ask("/old").await;
    let compared = message(page.final_dom_equals_whole_mode()).await;
    assert!(compared.starts_with(expected), "{compared}");
    let ordered = message(in_every_order(|| ask("/old"))).await;
    assert!(ordered.starts_with(expected), "{ordered}");
}

#[tokio::test(start_paused = true)]
async fn a_response_without_an_end_fails_the_test_instead_of_holding_it_up() {
    let silent = || stream::pending::<io::Result<&str>>().boxed();
    let chatty = || {
        let beats = stream::repeat(()).then(|()| tokio::time::sleep(secs(60)));
        beats.map(|()| Ok("<!-- -->")).boxed()
    };
    let endless: [fn() -> BoxStream<'static, _>; 2] = [silent, chatty];
    for endless in endless {
        let begun = move || stream::iter([Ok("<p>Text</p>")]).chain(endless());
        let app = Router::new().route("/", get(move || async move { Body::from_stream(begun()) }));
        let mut page = StreamTest::get(app, "/").await;
        let waited = message(page.next_patch()).await;
        assert!(
            waited.starts_with("no patch has arrived in a day"),
            "{waited}"
        );
        let finished = message(page.finish()).await;
        assert!(
            finished.starts_with("the response has not ended in a day"),
            "{finished}"
        );
    }
}
