//! Late content that is more than text: styles, custom elements, shadow trees, images.

use anabranch::prelude::*;
use anabranch_paint::{Gates, Result as Outcome, Swap};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::native_and_bridge;
use crate::open::{Open, arrive};
use crate::views::{document, late, late_mark, mark};

native_and_bridge! {
    styles_apply,
    a_slow_style_sheet_is_awaited_by_the_parser_only,
    custom_elements_are_upgraded_once,
    declarative_shadow_trees_are_attached,
    images_are_loaded_when_they_are_due,
}

fn app(gates: Gates) -> Router {
    Router::new()
        .route("/styles", get(page(styles)))
        .route("/slow-style", get(page(slow_style)))
        .route("/cards", get(page(cards)))
        .route("/shadow", get(page(shadow)))
        .route("/images", get(page(images)))
        .route("/style.css", get(style))
        .route("/slow.css", get(slow_css))
        .route("/image/{name}", get(image))
        .with_state(gates)
}

async fn styles(State(gates): State<Gates>) -> Result {
    let late = late(&gates, "a", || {
        html! {
            style { "#inline { color: rgb(1, 2, 3) }" }
            link rel="stylesheet" href="/style.css";
            (mark("a"))
        }
    });
    Ok(document(&html! {
        p #inline { "Inline" }
        p #linked { "Linked" }
        (late)
        (late_mark(&gates, "rest"))
    }))
}

async fn style() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "text/css")],
        "#linked { color: rgb(4, 5, 6) }",
    )
}

async fn slow_style(State(gates): State<Gates>) -> Result {
    let late = late(&gates, "a", || {
        html! {
            link rel="stylesheet" href="/slow.css";
            (mark("a"))
        }
    });
    Ok(document(&html! {
        p #linked { "Linked" }
        (late)
        (late_mark(&gates, "b"))
        (late_mark(&gates, "rest"))
    }))
}

async fn slow_css(State(gates): State<Gates>) -> impl IntoResponse {
    gates.wait("sheet").await;
    style().await
}

fn styles_apply(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/styles")?;
    open.page.wait_painted("loading rest")?;
    open.gates.open("a");
    open.page.wait_painted("a")?;
    assert_eq!(open.page.eval(&colour("inline"))?, "rgb(1, 2, 3)");
    arrive(&open.page, "document.querySelector('link').sheet")?;
    assert_eq!(open.page.eval(&colour("linked"))?, "rgb(4, 5, 6)");
    open.finish(&["rest"])
}

fn colour(id: &str) -> String {
    format!("getComputedStyle({id}).color")
}

fn a_slow_style_sheet_is_awaited_by_the_parser_only(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/slow-style")?;
    open.page.wait_painted("loading rest")?;
    open.gates.open("a");
    open.wait_waiting("sheet", 1)?;
    open.gates.open("b");
    if swap == Swap::Bridge {
        // Nothing waits for it. Where the parser itself puts it into its place, the parser does.
        open.page.wait_painted("b")?;
    }
    open.finish(&["sheet", "rest"])?;
    assert_eq!(open.page.eval(&colour("linked"))?, "rgb(4, 5, 6)");
    open.page.wait_painted("b")
}

/// A list whose items are there when it is connected, or come later.
async fn cards(State(gates): State<Gates>) -> Result {
    let late = late(&gates, "a", || {
        html! { x-card title="Late" { b { "One" } b { "Two" } } (mark("a")) }
    });
    Ok(document(&html! {
        script { (PreEscaped(DEFINE)) }
        (late)
        (late_mark(&gates, "rest"))
    }))
}

const DEFINE: &str = "self.log = [];
    customElements.define('x-card', class extends HTMLElement {
        static observedAttributes = ['title'];
        constructor() { super(); log.push('constructed'); }
        attributeChangedCallback(name, _, value) { log.push(`${name} ${value}`); }
        connectedCallback() { log.push(`connected with ${this.childElementCount}`); }
        disconnectedCallback() { log.push('disconnected'); }
        adoptedCallback() { log.push('adopted'); }
    });";

fn custom_elements_are_upgraded_once(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/cards")?;
    open.page.wait_painted("loading rest")?;
    open.gates.open("a");
    open.page.wait_painted("a")?;
    open.finish(&["rest"])?;
    // A parser creates an element before its children; what a script moves has them already.
    let connected = match swap {
        Swap::Native => "connected with 0",
        Swap::Bridge => "connected with 2",
    };
    assert_eq!(
        open.page.eval("log")?,
        json!(["constructed", "title Late", connected])
    );
    let children = "document.querySelector('x-card').childElementCount";
    assert_eq!(open.page.eval(children)?, 2);
    Ok(())
}

async fn shadow(State(gates): State<Gates>) -> Result {
    let late = late(&gates, "a", || {
        html! {
            div #host {
                template shadowrootmode="open" { p { "Shadow " slot {} } }
                "light"
            }
            (mark("a"))
        }
    });
    Ok(document(&html! { (late) (late_mark(&gates, "rest")) }))
}

fn declarative_shadow_trees_are_attached(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/shadow")?;
    open.page.wait_painted("loading rest")?;
    open.gates.open("a");
    open.page.wait_painted("a")?;
    let tree = "[host.shadowRoot.innerHTML, host.innerHTML]";
    assert_eq!(
        open.page.eval(tree)?,
        json!(["<p>Shadow <slot></slot></p>", "light"])
    );
    open.finish(&["rest"])
}

async fn images(State(gates): State<Gates>) -> Result {
    let late = late(&gates, "a", || {
        html! {
            img #near alt="near" loading="lazy" width="10" height="10" src="/image/near";
            img #plain alt="plain" width="10" height="10" src="/image/plain";
            (mark("a"))
            div style="height: 20000px" {}
            img #far alt="far" loading="lazy" width="10" height="10" src="/image/far";
        }
    });
    Ok(document(&html! { (late_mark(&gates, "rest")) (late) }))
}

async fn image() -> impl IntoResponse {
    (
        [(CONTENT_TYPE, "image/svg+xml")],
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1\" height=\"1\"/>",
    )
}

fn images_are_loaded_when_they_are_due(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/images")?;
    let page = &open.page;
    page.wait_painted("loading rest")?;
    open.gates.open("a");
    page.wait_painted("a")?;
    let loaded = "performance.getEntriesByType('resource').map(entry => entry.name)
        .filter(name => name.includes('/image/')).map(name => name.split('/').pop()).sort()";
    page.eval("Promise.all([near.decode(), plain.decode()]).then(() => 0)")?;
    assert_eq!(page.eval(loaded)?, json!(["near", "plain"]));
    open.finish(&["rest"])?;
    assert_eq!(page.eval(loaded)?, json!(["near", "plain"]));
    page.eval("far.scrollIntoView(); far.decode().then(() => 0)")?;
    assert_eq!(page.eval(loaded)?, json!(["far", "near", "plain"]));
    Ok(())
}
