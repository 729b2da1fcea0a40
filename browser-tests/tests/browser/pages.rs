//! The pages under test: ordinary handlers, whose boundaries wait for gates.

use anabranch::prelude::*;
use anabranch::{BRIDGE, ScriptMode, csp};
use anabranch_paint::{Chromium, Gates, Page as Tab, Server, Swap};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};

/// A page of this app in a browser, and what the test holds of both.
pub(crate) struct Open {
    pub(crate) gates: Gates,
    pub(crate) server: Server,
    pub(crate) page: Tab,
}

/// Serves the app and opens one of its pages.
pub(crate) fn open(swap: Swap, path: &str) -> anabranch_paint::Result<Open> {
    let (gates, server) = serve()?;
    let page = Chromium::shared(swap)?.page().open(&server.url(path))?;
    Ok(Open {
        gates,
        server,
        page,
    })
}

/// Serves the app.
pub(crate) fn serve() -> anabranch_paint::Result<(Gates, Server)> {
    let gates = Gates::new();
    let server = Server::start(app(gates.clone()), &gates)?;
    Ok((gates, server))
}

fn app(gates: Gates) -> Router {
    Router::new()
        .route("/three", get(page(three)))
        .route("/nested", get(page(nested)))
        .route("/places", get(page(places)))
        .route("/title", get(page(title)))
        .route("/failing", get(page(failing)))
        .route("/many", get(page(many)))
        .route("/hashes", get(with_hashes))
        .route("/no-script", get(without_scripts))
        .route("/external", get(page(three)).layer(Extension(external())))
        .route("/bridge.js", get(late_bridge))
        .route("/quick", get(page(three)).layer(Extension(quick())))
        .with_state(gates)
}

/// Three boundaries side by side: "a", "b" and "c".
async fn three(State(gates): State<Gates>) -> Result {
    Ok(document(&html! {
        p elementtiming="shell" { "Shell" }
        @for name in ["a", "b", "c"] {
            (boundary(gated(&gates, name)).loading(loading(name)))
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
        (boundary(gated(&gates, "innermost")).loading(loading("innermost")))
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
                (boundary(gated(&gates, "rest")).loading(loading("rest")))
            }
        }
    })
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
        (boundary(gated(&gates, "healthy")).loading(loading("healthy")))
    }))
}

/// More boundaries than the native swap is given.
async fn many(State(gates): State<Gates>) -> Result {
    Ok(document(&html! {
        ul {
            @for n in 0..1_000 {
                @let item = after(&gates, "many", move || html! { li { "Item " (n) } });
                (boundary(item).loading(html! { li { "…" } }))
            }
        }
    }))
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

fn external() -> Settings {
    Settings::new().script(ScriptMode::External("/bridge.js".into()))
}

/// The bridge as a file, which arrives when the gate "bridge" opens.
async fn late_bridge(State(gates): State<Gates>) -> impl IntoResponse {
    gates.wait("bridge").await;
    ([(header::CONTENT_TYPE, "text/javascript")], BRIDGE)
}

/// Signs of life so frequent that their absence shows within a second.
fn quick() -> Settings {
    Settings::new()
        .heartbeat(millis(200))
        .cut_notice("The page was cut.")
}

fn document(body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Test" } }
            body { (body) }
        }
    }
}

/// Text whose paint the browser reports under `name`.
fn mark(name: &str) -> Markup {
    html! { p elementtiming=(name) { (name) } }
}

/// The loading view of `name`.
fn loading(name: &str) -> Markup {
    html! { p elementtiming={ "loading " (name) } { "Loading " (name) } }
}

/// The mark `name`, once the gate of that name is open.
fn gated(gates: &Gates, name: &'static str) -> impl Future<Output = Result> + Send + use<> {
    after(gates, name, move || mark(name))
}

/// What `view` gives, once the gate is open.
fn after<V>(
    gates: &Gates,
    gate: &'static str,
    view: V,
) -> impl Future<Output = Result> + Send + use<V>
where
    V: FnOnce() -> Markup + Send + 'static,
{
    let gates = gates.clone();
    async move {
        gates.wait(gate).await;
        Ok(view())
    }
}
