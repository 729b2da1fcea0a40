//! Pages that the browser fetches before anybody follows a link to them.

use anabranch::prelude::*;
use anabranch_paint::{Gates, Result as Outcome, Swap};
use axum::Router;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;

use crate::native_and_bridge;
use crate::open::{Open, arrive};
use crate::views::{document, late_mark};

native_and_bridge! {
    a_page_that_was_fetched_ahead_goes_on_streaming,
}

const RULES: &str =
    r#"{"prefetch": [{"where": {"href_matches": "/ahead"}, "eagerness": "immediate"}]}"#;

fn app(gates: Gates) -> Router {
    let rules = ([(CONTENT_TYPE, "application/speculationrules+json")], RULES);
    Router::new()
        .route("/", get(page(start)))
        .route("/ahead", get(page(three)))
        .layer(from_fn(with_rules))
        .route("/rules.json", get(rules))
        .with_state(gates)
}

async fn with_rules(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let rules = HeaderName::from_static("speculation-rules");
    let place = HeaderValue::from_static("\"/rules.json\"");
    response.headers_mut().insert(rules, place);
    response
}

async fn start() -> Result {
    Ok(document(&html! { p { a #link href="/ahead" { "Ahead" } } }))
}

async fn three(State(gates): State<Gates>) -> Result {
    Ok(document(
        &html! { @for name in ["a", "b", "c"] { (late_mark(&gates, name)) } },
    ))
}

fn a_page_that_was_fetched_ahead_goes_on_streaming(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    // Nobody has followed the link yet.
    open.wait_waiting("a", 1)?;
    let page = &open.page;
    page.eval("link.focus()")?;
    page.type_text("\n")?;
    arrive(
        page,
        "location.pathname === '/ahead' && self.__anabranch_paint",
    )?;
    page.wait_painted("loading c")?;
    let delivery = "performance.getEntriesByType('navigation')[0].deliveryType";
    assert_eq!(page.eval(delivery)?, "navigational-prefetch");
    assert_eq!(open.gates.waiting("a"), 1, "it was asked for once");
    for name in ["b", "a"] {
        open.gates.open(name);
        page.wait_painted(name)?;
    }
    open.finish(&["c"])?;
    assert_eq!(page.left_over()?, [""; 0]);
    Ok(())
}
