//! An extractor that fails by a mistake in the program, as of an `Extension` that nobody has set:
//! its text is for the log, and the visitor sees the error view.

use anabranch_boundaries::{Error, Head, Result};
use anabranch_engine::Settings;
use anabranch_router::app::{Answer, Children, Leaf, Request, Routes, Views, Visit};
use anabranch_router::page;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use axum::routing::get as on_get;
use axum::{Extension, Router};
use http::StatusCode;
use http::header::{CONTENT_TYPE, RETRY_AFTER};
use http::request::Parts;
use maud::{Markup, html};

use crate::log::Log;
use crate::support::get;

/// Whoever is logged in. No middleware sets it.
#[derive(Clone)]
struct User;

fn shown(error: &Error) -> Markup {
    html! { "error " (error.status().as_u16()) " " (error.id()) }
}

const VIEWS: Views = Views {
    error: Some(shown),
    not_found: None,
};

fn tree(leaf: Leaf<()>) -> Router {
    let settings = Settings::new().error_page(shown);
    let routes = Routes::new().settings(settings);
    routes.route("/desk", leaf).into_router()
}

/// Asserts that `/desk` shows the error view, and that the log tells what it is about.
async fn assert_told(app: &Router, parts: &[&str]) {
    let log = Log::start();
    let reply = get(app, "/desk").await;
    assert_eq!(reply.status, 500);
    assert_eq!(reply.headers[CONTENT_TYPE], "text/html; charset=utf-8");
    let text = reply.text().await;
    let (_, id) = text.split_once("error 500 ").expect(&text);
    assert!(!text.contains("User"), "{text}");
    let log = log.text();
    let errors: Vec<_> = log.lines().filter(|line| line.contains("ERROR")).collect();
    assert_eq!(errors.len(), 1, "{log}");
    let id = format!("error.id={}", &id[..8]);
    for part in parts.iter().chain(&[&*id, "::User` was not found"]) {
        assert!(errors[0].contains(part), "no {part} in {log}");
    }
}

#[tokio::test]
async fn a_page_a_head_and_a_layout_without_their_extension_show_the_error_view() {
    async fn render(_: Extension<User>) -> Result {
        Ok(html! { "page" })
    }
    async fn around(children: Children, _: Extension<User>) -> Result {
        Ok(html! { "layout(" (children.await?) ")" })
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit.at("app/desk/page.rs").page(0, render).await?;
        let content = visit.loading(|| html! { "…" }, VIEWS, page);
        visit.answer(content).await
    }
    async fn head(mut visit: Visit<()>) -> Answer {
        let head = async |_: Extension<User>| Ok(Head::title("Desk"));
        let head = visit.at("app/desk/page.rs").head(0, head).await?;
        let page = visit.page(0, async || Ok(html! { "page" })).await?;
        let content = visit.headed(head, page);
        let content = visit.catch(VIEWS, content);
        visit.answer(content).await
    }
    async fn layout(mut visit: Visit<()>) -> Answer {
        let layout = visit.at("app/desk/layout.rs").layout(0, around).await?;
        let page = visit.page(0, async || Ok(html! { "page" })).await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    let route = "route=\"/desk\"";
    let file = "file=\"app/desk/page.rs\"";
    assert_told(&tree(Leaf::new().page(page)), &[route, file]).await;
    assert_told(&tree(Leaf::new().page(head)), &[route, file]).await;
    let file = "file=\"app/desk/layout.rs\"";
    assert_told(&tree(Leaf::new().page(layout)), &[route, file]).await;
}

#[tokio::test]
async fn so_do_a_middleware_and_a_page_of_a_router() {
    async fn guard(_: Extension<User>, request: Request) -> Result<Request> {
        Ok(request)
    }
    async fn answers(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, async || Ok(html! { "page" })).await?;
        visit.answer(page).await
    }
    async fn render(_: Extension<User>) -> Result {
        Ok(html! { "page" })
    }
    let app = tree(Leaf::new().page(answers).middleware(0, guard));
    assert_told(&app, &["route=\"/desk\"", "::guard\""]).await;
    let app = Router::new()
        .route("/desk", on_get(page(render)))
        .layer(Extension(Settings::new().error_page(shown)));
    assert_told(&app, &["::render\""]).await;
}

#[tokio::test]
async fn the_headers_of_its_answer_stay() {
    struct Busy;
    impl<S: Sync> FromRequestParts<S> for Busy {
        type Rejection = Response;

        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            Err((status, [(RETRY_AFTER, "60")], "busy").into_response())
        }
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, async |_: Busy| Ok(html! { "page" })).await?;
        let content = visit.catch(VIEWS, page);
        visit.answer(content).await
    }
    let reply = get(&tree(Leaf::new().page(page)), "/desk").await;
    assert_eq!(reply.status, 503);
    assert_eq!(reply.headers[RETRY_AFTER], "60");
    assert_eq!(reply.headers[CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(reply.text().await.starts_with("error 503 "));
}
