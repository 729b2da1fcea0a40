//! The pages under test: ordinary handlers, whose boundaries wait for gates.

use anabranch::prelude::*;
use anabranch::{BRIDGE, ScriptMode, csp};
use anabranch_paint::{Gates, Swap};
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};

use crate::open::Open;
use crate::views::{after, document, late, late_mark, loading, mark};

/// Serves the app and opens one of its pages.
pub(crate) fn open(swap: Swap, path: &str) -> anabranch_paint::Result<Open> {
    Open::new(swap, app, path)
}

pub(crate) fn app(gates: Gates) -> Router {
    Router::new()
        .route("/three", get(page(three)))
        .route("/nested", get(page(nested)))
        .route("/places", get(page(places)))
        .route("/title", get(page(title)))
        .route("/heads", get(page(heads)))
        .route("/late.css", get(style))
        .route("/failing", get(page(failing)))
        .route("/many/{count}", get(page(many)))
        .route("/list/{count}", get(page(list)))
        .route("/hashes", get(with_hashes))
        .route("/no-script", get(without_scripts))
        .route("/external", get(page(three)).layer(Extension(external())))
        .route("/bridge.js", get(late_bridge))
        .with_state(gates)
}

/// Three boundaries side by side: "a", "b" and "c".
async fn three(State(gates): State<Gates>) -> Result {
    Ok(document(&html! {
        p elementtiming="shell" { "Shell" }
        @for name in ["a", "b", "c"] {
            (late_mark(&gates, name))
        }
    }))
}

/// "outer", which holds "inner", which holds "innermost".
async fn nested(State(gates): State<Gates>) -> Result {
    Ok(document(&html! {
        main { (boundary(outer(gates)).loading(loading("outer"))) }
    }))
}

async fn outer(gates: Gates) -> Result {
    gates.wait("outer").await;
    Ok(html! {
        (mark("outer"))
        section { (boundary(inner(gates)).loading(loading("inner"))) }
    })
}

async fn inner(gates: Gates) -> Result {
    gates.wait("inner").await;
    Ok(html! {
        (mark("inner"))
        (late_mark(&gates, "innermost"))
    })
}

/// Boundaries where only certain elements may stand.
async fn places(State(gates): State<Gates>) -> Result {
    let rows = after(&gates, "rows", || {
        html! { @for n in 1..=2 { tr { td { "Row " (n) } } } }
    });
    let items = after(&gates, "items", || {
        html! { li elementtiming="items" { "Item 1" } li { "Item 2" } }
    });
    let options = after(&gates, "options", || {
        html! { option { "Option 1" } option selected { "Option 2" } }
    });
    Ok(document(&html! {
        table { tbody id="rows" {
            tr { td { "Row 0" } }
            (boundary(rows).loading(html! { tr { td elementtiming="loading rows" { "…" } } }))
        } }
        ul id="items" {
            (boundary(items).loading(html! { li elementtiming="loading items" { "…" } }))
            li { "Item 3" }
        }
        select id="options" { (boundary(options).loading(html! { option { "…" } })) }
    }))
}

/// A boundary that knows the title.
async fn title(State(gates): State<Gates>) -> Result {
    let late = after(&gates, "title", || {
        html! {
            (Head::title("Late & <final>").meta("description", "late"))
            (mark("body"))
        }
    });
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (Head::title("Early")) }
            body {
                (boundary(late).loading(loading("title")))
                (late_mark(&gates, "rest"))
            }
        }
    })
}

/// Boundaries with heads of their own, and one that leads nowhere.
async fn heads(State(gates): State<Gates>) -> Result {
    let late = |name, head: Head| {
        let content = after(&gates, name, move || html! { (head) (mark(name)) });
        boundary(content).loading(loading(name))
    };
    let nowhere = after(&gates, "nowhere", || html! {});
    let nowhere = async move { nowhere.await.and_then(|_| Err(not_found())) };
    let early = Head::title("Early").meta("description", "early");
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (early) }
            body {
                (boundary(nowhere).loading(loading("nowhere")))
                (late("a", Head::title("A").meta("author", "a").link("canonical", "/heads")))
                (late("b", Head::title("B").link("stylesheet", "/late.css")))
                (late_mark(&gates, "rest"))
            }
        }
    })
}

async fn style() -> impl IntoResponse {
    (
        [(header::CONTENT_TYPE, "text/css")],
        "body { color: rgb(1, 2, 3) }",
    )
}

/// Boundaries that fail, one of them beside a healthy one.
async fn failing(State(gates): State<Gates>) -> Result {
    let fails = after(&gates, "fails", || html! {});
    let fails = async move {
        fails.await?;
        Err(Error::msg("the cause, which is for the log"))
    };
    let view = |error: &Error| html! { p elementtiming="failed" { "Sorry, error " (error.id()) } };
    Ok(document(&html! {
        (boundary(fails).loading(loading("fails")).error(view))
        (late_mark(&gates, "healthy"))
    }))
}

/// A list of boundaries, all behind one gate.
async fn many(State(gates): State<Gates>, Path(count): Path<usize>) -> Result {
    Ok(document(&html! {
        ul {
            @for n in 0..count {
                @let item = after(&gates, "many", move || html! { li { "Item " (n) } });
                (boundary(item).loading(html! { li { "…" } }))
            }
        }
    }))
}

/// A list that is itself late, of boundaries that are, all behind one gate. It knows a title, and
/// what comes behind it a better one. In the shell are templates that are not the stream's.
async fn list(State(gates): State<Gates>, Path(count): Path<usize>) -> Result {
    let inner = gates.clone();
    let items = after(&gates, "list", move || {
        html! {
            (Head::title("Listed"))
            @for n in 0..count {
                @let item = after(&inner, "many", move || html! { li { "Item " (n) } });
                (boundary(item).loading(html! { li { "…" } }))
            }
        }
    });
    let rest = late(&gates, "rest", || {
        html! { (Head::title("Complete")) (mark("rest")) }
    });
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (Head::title("Early")) }
            body {
                template { p { "Later" } }
                template id="title" {}
                (late_mark(&gates, "first"))
                ul { (boundary(items).loading(html! { li { "Soon" } })) }
                (rest)
            }
        }
    })
}

async fn with_hashes(state: State<Gates>, request: PageRequest) -> impl IntoResponse {
    let policy = csp::Policy::strict().to_string();
    let page = request.render(three(state)).await;
    ([(header::CONTENT_SECURITY_POLICY, policy)], page)
}

async fn without_scripts(state: State<Gates>, request: PageRequest) -> impl IntoResponse {
    let policy = csp::Policy::no_script().to_string();
    let settings = Settings::new().script(ScriptMode::None);
    let page = request.settings(settings).render(three(state)).await;
    ([(header::CONTENT_SECURITY_POLICY, policy)], page)
}

pub(crate) fn external() -> Settings {
    Settings::new().script(ScriptMode::External("/bridge.js".into()))
}

/// The bridge as a file, which arrives when the gate "bridge" opens.
pub(crate) async fn late_bridge(State(gates): State<Gates>) -> impl IntoResponse {
    gates.wait("bridge").await;
    ([(header::CONTENT_TYPE, "text/javascript")], BRIDGE)
}
