//! F5: a panic in a view shows the next view out; where nobody is left, a static 500.

use anabranch::Settings;
use anabranch::prelude::{Error, Result, boundary, html, page};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use fixture_app::Fixture;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{assembled, document};
use crate::{Form, Outcome, check};

/// The fixture of the router, whose views can be told to panic, and handlers without views.
pub(super) fn app(_: Control) -> Router {
    let settings = Settings::new().error_page(|_| panic!("the error page is broken"));
    let alone = Router::new()
        .route(
            "/alone/page",
            get(page(async || -> Result { panic!("the page is broken") })),
        )
        .layer(Extension(settings));
    let layered = Router::new()
        .route("/alone/middleware", get(async || "not reached"))
        .layer(from_fn(broken));
    fixture_app::app::router()
        .with_state(Fixture::default())
        .merge(alone)
        .merge(layered)
        .route(
            "/alone/handler",
            get(async || -> String { panic!("the handler is broken") }),
        )
        .route("/alone/loading", get(page(loading)))
        .route("/alone/views", get(page(views)))
}

async fn broken(_: Request, _: Next) -> Response {
    panic!("the middleware is broken")
}

async fn loading() -> Result {
    let content = async {
        tokio::task::yield_now().await;
        Ok(html! { p { "content" } })
    };
    Ok(document(
        html! { (boundary(content).loading(|| panic!("the loading view is broken"))) },
    ))
}

/// Error views in each other, of which only the outermost works.
async fn views() -> Result {
    let failing = async {
        tokio::task::yield_now().await;
        Err(Error::msg("fails"))
    };
    let inner = async move {
        Ok(html! { (boundary(failing).error(|_: &Error| panic!("the error view is broken"))) })
    };
    Ok(document(html! {
        (boundary(inner).error(|_: &Error| html! { p { "outer view" } }))
    }))
}

/// A request, the status of its response, and what it shows.
const CASES: [(&str, u16, &str); 14] = [
    ("/broken/error?page=error", 500, "error in main: 500"),
    ("/broken/error?page=panic", 500, "error in main: 500"),
    ("/broken/missing?page=not-found", 404, "nothing in main"),
    ("/broken/loading?page=tenth", 200, "error in main: 500"),
    ("/plain/inner?plain=panic", 500, "error in main: 500"),
    ("/plain/inner?main=panic", 500, "error in app: 500"),
    ("/levels/7/end?levels=panic", 500, "error in main: 500"),
    (
        "/levels/7/end?id-middleware=panic",
        500,
        "error in levels: 500",
    ),
    // No view is above the middleware at the root.
    (
        "/plain/inner?middleware=panic",
        500,
        "Internal Server Error",
    ),
    ("/alone/page", 500, "Error"),
    ("/alone/middleware", 500, ""),
    ("/alone/handler", 500, ""),
    ("/alone/loading", 200, "could not be loaded"),
    ("/alone/views", 200, "outer view"),
];

pub(super) async fn run(_: Form) -> Outcome {
    let child = Child::start("views", &Limits::default())?;
    let mut wrong = Vec::new();
    for (path, status, text) in CASES {
        let reply = match Client::ask(child.address, path).await {
            Ok(reply) => reply,
            Err(error) => {
                wrong.push(format!("{path}: {error}"));
                continue;
            }
        };
        let page = reply.text();
        let shown = assembled(&reply.body).unwrap_or_else(|_| page.clone());
        if reply.status() != status || !shown.contains(text) || !reply.is_complete() {
            wrong.push(format!("{path}: {} {page}", reply.status()));
        }
        check!(
            !page.contains("broken"),
            "{path} tells of its panic: {page}"
        );
    }
    check!(wrong.is_empty(), "{}", wrong.join("; "));
    Client::ask(child.address, "/plain/inner")
        .await?
        .expect(200)?;
    Ok(format!(
        "{} places: the next view out, or a static 500",
        CASES.len()
    ))
}
