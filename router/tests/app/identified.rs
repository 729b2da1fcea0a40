//! The id that a page shows is in the log, with the reason.

use anabranch_boundaries::{Error, Result, not_found};
use anabranch_engine::Settings;
use anabranch_router::app::{Answer, Leaf, Query, Request, Routes, Views, Visit};
use anabranch_router::{PageRequest, page};
use axum::routing::get as on_get;
use axum::{Extension, Router};
use http::{Method, StatusCode};
use maud::{Markup, html};
use serde::Deserialize;

use crate::log::Log;
use crate::support::{read, request, send};

#[derive(Deserialize)]
struct Find {
    min: Option<u32>,
}

fn shown(error: &Error) -> Markup {
    html! { "error " (error.id()) }
}

const VIEWS: Views = Views {
    error: Some(shown),
    not_found: None,
};

fn settings() -> Settings {
    Settings::new().error_page(shown)
}

fn tree(leaf: Leaf<()>) -> Router {
    let routes = Routes::new().settings(settings());
    routes.route("/find/[what]", leaf).into_router()
}

/// The lines of the log that have the id which the page for `uri` shows.
async fn lines_of(app: &Router, uri: &str, status: u16) -> Vec<String> {
    let log = Log::start();
    let (found, text) = read(app, uri).await;
    assert_eq!(found, status, "{uri}");
    let (_, id) = text.split_once("error ").unwrap();
    let id = format!("error.id={}", &id[..8]);
    let lines = log.text();
    let lines = lines.lines().filter(|line| line.contains(&id));
    lines.map(str::to_owned).collect()
}

/// Asserts that the id of the page for `uri` is in the log once, with all of this.
async fn assert_logged(app: &Router, uri: &str, status: u16, parts: &[&str]) {
    let lines = lines_of(app, uri, status).await;
    assert_eq!(lines.len(), 1, "{uri}: {lines:?}");
    for part in parts {
        assert!(lines[0].contains(part), "{uri}: no {part} in {lines:?}");
    }
}

async fn forbidden() -> Result {
    Err(Error::from_status(StatusCode::FORBIDDEN))
}

async fn find(Query(find): Query<Find>) -> Result {
    Ok(html! { (find.min.unwrap_or_default()) })
}

#[tokio::test]
async fn of_a_refusal_that_shows_in_a_view() {
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, forbidden).await?;
        let content = visit.catch(VIEWS, page);
        visit.answer(content).await
    }
    let app = tree(Leaf::new().page(page));
    let parts = [" DEBUG ", "route=\"/find/[what]\"", "status 403"];
    assert_logged(&app, "/find/a", 403, &parts).await;
}

#[tokio::test]
async fn of_a_refusal_for_which_the_tree_has_no_view() {
    async fn refuses(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, forbidden).await?;
        visit.answer(page).await
    }
    async fn guard(_: Request) -> Result<Request> {
        Err(Error::from_status(StatusCode::FORBIDDEN))
    }
    async fn is_not_found(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, async || Err(not_found())).await?;
        visit.answer(page).await
    }
    let route = "route=\"/find/[what]\"";
    let app = tree(Leaf::new().page(refuses));
    assert_logged(&app, "/find/a", 403, &[" DEBUG ", route]).await;
    assert_logged(&app, "/elsewhere", 404, &[" DEBUG "]).await;
    let app = tree(Leaf::new().page(refuses).middleware(0, guard));
    assert_logged(&app, "/find/a", 403, &[" DEBUG ", route]).await;
    let app = tree(Leaf::new().page(is_not_found));
    assert_logged(&app, "/find/a", 404, &[" DEBUG ", route]).await;
}

#[tokio::test]
async fn of_a_refusal_by_a_page_of_a_router() {
    let handler = async |request: PageRequest| request.render(forbidden()).await;
    let app = Router::new()
        .route("/named", on_get(page(forbidden)))
        .route("/placed", on_get(handler))
        .layer(Extension(settings()));
    assert_logged(&app, "/named", 403, &[" DEBUG ", "::forbidden"]).await;
    assert_logged(&app, "/placed", 403, &[" DEBUG ", "identified.rs:"]).await;
}

#[tokio::test]
async fn of_a_query_that_is_refused() {
    async fn shows(mut visit: Visit<()>) -> Answer {
        let page = visit.at("app/find/[what]/page.rs").page(0, find).await?;
        let content = visit.loading(|| html! { "…" }, VIEWS, page);
        visit.answer(content).await
    }
    async fn guard(_: Query<Find>, request: Request) -> Result<Request> {
        Ok(request)
    }
    let (route, cause) = (
        "route=\"/find/[what]\"",
        "min: Please enter a whole number.",
    );
    let app = tree(Leaf::new().page(shows));
    let file = "file=\"app/find/[what]/page.rs\"";
    assert_logged(&app, "/find/a?min=x", 400, &[" DEBUG ", route, file, cause]).await;
    let app = tree(Leaf::new().page(shows).middleware(0, guard));
    let file = "::guard\"";
    assert_logged(&app, "/find/a?min=x", 400, &[" DEBUG ", route, file, cause]).await;
}

#[tokio::test]
async fn of_a_query_that_a_handler_beside_a_page_refuses() {
    async fn shows(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, async || Ok(html! { "page" })).await?;
        let content = visit.catch(VIEWS, page);
        visit.answer(content).await
    }
    async fn post(_: Query<Find>) {}
    let app = tree(Leaf::new().page(shows).post(0, post));
    let log = Log::start();
    let reply = send(&app, request(Method::POST, "/find/a?min=x")).await;
    assert_eq!(reply.status, 400);
    let text = reply.text().await;
    let (_, id) = text.split_once("error ").unwrap();
    let log = log.text();
    assert_eq!(log.matches(id).count(), 1, "{log}");
    assert!(log.contains("min: Please enter a whole number."), "{log}");
}

#[tokio::test]
async fn of_a_refusal_after_the_first_byte() {
    async fn late() -> Result {
        tokio::task::yield_now().await;
        forbidden().await
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, late).await?;
        let content = visit.loading(|| html! { "…" }, VIEWS, page);
        visit.answer(content).await
    }
    let app = tree(Leaf::new().page(page));
    let parts = [" WARN ", "route=\"/find/[what]\"", "behind a loading view"];
    assert_logged(&app, "/find/a", 200, &parts).await;
}
