//! The pages under test: ordinary handlers, whose boundaries wait for gates of their names.

use anabranch::csp;
use anabranch::prelude::*;
use anabranch_paint::{Gates, Mode, Page as Tab, Server};
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};

use crate::views::{self, after, late_mark, loading, mark};

/// A page of this app in a browser, and what the test holds of both.
pub(crate) struct Open {
    pub(crate) gates: Gates,
    pub(crate) server: Server,
    pub(crate) page: Tab,
}

/// Serves the app and opens one of its pages.
pub(crate) fn open(mode: Mode, path: &str) -> anabranch_paint::Result<Open> {
    open_with(mode, path, &[])
}

/// The same with gates that are open from the start.
pub(crate) fn open_with(mode: Mode, path: &str, opened: &[&str]) -> anabranch_paint::Result<Open> {
    let gates = Gates::new();
    for gate in opened {
        gates.open(gate);
    }
    let server = Server::start(app(gates.clone()), &gates)?;
    let page = mode.open(&server.url(path))?;
    Ok(Open {
        gates,
        server,
        page,
    })
}

/// The pages, and below `/whole` the same for a reader who gets them in one piece.
fn app(gates: Gates) -> Router {
    let whole = Settings::new().bots(|_| true);
    pages()
        .nest("/whole", pages().layer(Extension(whole)))
        .with_state(gates)
}

fn pages() -> Router<Gates> {
    Router::new()
        .route("/three", get(page(three)))
        .route("/nested", get(page(nested)))
        .route("/places", get(page(places)))
        .route("/title", get(page(title)))
        .route("/failing", get(page(failing)))
        .route("/strict", get(strict))
        .route("/quick", get(page(three)).layer(Extension(quick())))
}

/// Two boundaries that wait for nothing, to be held by their names.
pub(crate) fn named() -> Router {
    async fn named() -> Result {
        let part = |name: &'static str| {
            let content = async move { Ok(html! { p { "The " (name) } }) };
            boundary(content).name(name).loading(loading(name))
        };
        Ok(document(&html! { (part("one")) (part("two")) }))
    }
    Router::new().route("/", get(page(named)))
}

/// Three boundaries side by side.
async fn three(State(gates): State<Gates>) -> Result {
    Ok(document(&html! {
        p elementtiming="shell" { "Shell" }
        @for name in ["a", "b", "c"] { (late_mark(&gates, name)) }
    }))
}

/// The same under a policy that allows no script but those of the stream, by their hashes.
async fn strict(state: State<Gates>, request: PageRequest) -> impl IntoResponse {
    let policy = csp::Policy::strict().to_string();
    let page = request.render(three(state)).await;
    ([(header::CONTENT_SECURITY_POLICY, policy)], page)
}

/// "outer", which holds "inner".
async fn nested(State(gates): State<Gates>) -> Result {
    let inner = gates.clone();
    let outer = after(&gates, "outer", move || {
        html! { (mark("outer")) section { (late_mark(&inner, "inner")) } }
    });
    Ok(document(&html! {
        main { (boundary(outer).loading(loading("outer"))) }
    }))
}

/// Boundaries where only certain elements may stand.
async fn places(State(gates): State<Gates>) -> Result {
    let rows = after(
        &gates,
        "rows",
        || html! { tr { td { "1" } } tr { td { "2" } } },
    );
    let items = after(&gates, "items", || html! { li { "1" } li { "2" } });
    let options = after(
        &gates,
        "options",
        || html! { option { "1" } option selected { "2" } },
    );
    Ok(document(&html! {
        p elementtiming="shell" { "Shell" }
        table { tbody id="rows" { (boundary(rows).loading(html! { tr { td { "…" } } })) } }
        ul id="items" { (boundary(items).loading(html! { li { "…" } })) li { "3" } }
        select id="options" { (boundary(options).loading(html! { option { "…" } })) }
    }))
}

/// A boundary that knows the title, and one that is still awaited then.
async fn title(State(gates): State<Gates>) -> Result {
    let late = after(
        &gates,
        "title",
        || html! { (Head::title("Late & <final>")) (mark("title")) },
    );
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (Head::title("Early")) }
            body {
                header { (INTRODUCTION) }
                (boundary(late).loading(loading("title")))
                (late_mark(&gates, "rest"))
            }
        }
    })
}

/// A boundary that fails, beside a healthy one.
async fn failing(State(gates): State<Gates>) -> Result {
    let passed = after(&gates, "fails", || html! {});
    let fails = async move {
        passed.await?;
        Err(Error::msg("the cause, which is for the log"))
    };
    let view = |error: &Error| html! { p elementtiming="fails" { "Sorry, error " (error.id()) } };
    Ok(document(&html! {
        (boundary(fails).loading(loading("fails")).error(view))
        (late_mark(&gates, "healthy"))
    }))
}

/// Signs of life so frequent that their absence shows within a second.
fn quick() -> Settings {
    Settings::new()
        .heartbeat(millis(200))
        .cut_notice("The page was cut.")
}

/// A document around `body`, with enough to draw.
fn document(body: &Markup) -> Markup {
    views::document(&html! { header { (INTRODUCTION) } (body) })
}

/// WebKit draws nothing of a page before it has more than 200 characters to show, blanks not
/// counted.
const INTRODUCTION: &str = "An anabranch is a branch of a river that leaves the main stream and \
    rejoins it downstream. Every boundary of a page does that: it leaves the shell, does its work, \
    and rejoins the same response where it belongs. A component is a plain async function, and a \
    page is a tree of them.";
