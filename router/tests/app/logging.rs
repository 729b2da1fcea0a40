//! What the log says of a page.

use anabranch_boundaries::{Error, Result, redirect};
use anabranch_router::app::{Answer, Children, Leaf, Request, Routes, Views, Visit};
use anabranch_router::{PageRequest, RouteResult, page};
use axum::Router;
use axum::extract::FromRequestParts;
use axum::response::Response;
use axum::routing::get as on_get;
use futures_util::FutureExt;
use http::request::Parts;
use maud::html;

use crate::log::Log;
use crate::support::{read, word};

/// The log of one request for `/`, and its status.
async fn logged(app: &Router) -> (u16, String) {
    let log = Log::start();
    let (status, _) = read(app, "/").await;
    (status, log.text())
}

fn tree(leaf: Leaf<()>) -> Router {
    Routes::new().route("/", leaf).into_router()
}

#[tokio::test]
async fn a_failure_without_a_view_is_logged_with_its_route_and_no_line_of_the_framework() {
    async fn fails(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, async || Err(Error::msg("broken"))).await?;
        visit.answer(page).await
    }
    async fn panics(mut visit: Visit<()>) -> Answer {
        let page = visit.page(0, async || panic!("broken")).await?;
        visit.answer(page).await
    }
    struct Extractor;
    impl<S: Sync> FromRequestParts<S> for Extractor {
        type Rejection = Response;

        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Response> {
            panic!("broken")
        }
    }
    async fn does_not_extract(mut visit: Visit<()>) -> Answer {
        let page = visit
            .page(0, async |_: Extractor| Ok(html! { "page" }))
            .await?;
        visit.answer(page).await
    }
    async fn middleware(_: Request) -> Result<Request> {
        Err(Error::msg("broken"))
    }
    for (leaf, what) in [
        (Leaf::new().page(fails), "an error"),
        (Leaf::new().page(panics), "a panic"),
        (Leaf::new().page(does_not_extract), "an extractor"),
        (
            Leaf::new().page(fails).middleware(0, middleware),
            "a middleware",
        ),
    ] {
        let (status, log) = logged(&tree(leaf)).await;
        assert_eq!(status, 500, "{what}");
        assert_eq!(log.matches("a page failed").count(), 1, "{what}: {log}");
        assert!(log.contains("route=\"/\""), "{what}: {log}");
        assert!(!log.contains("at="), "{what}: {log}");
    }
}

#[tokio::test]
async fn a_handler_that_fails_is_logged_with_its_route() {
    async fn fails() -> RouteResult<()> {
        tokio::task::yield_now().await;
        Err(Error::msg("broken"))?
    }
    async fn panics() -> RouteResult<()> {
        panic!("broken")
    }
    for (leaf, what) in [
        (Leaf::new().get(0, fails), "an error"),
        (Leaf::new().get(0, panics), "a panic"),
    ] {
        let (status, log) = logged(&tree(leaf)).await;
        assert_eq!(status, 500, "{what}");
        let line = "a route failed route=\"/\" error.id=";
        assert_eq!(log.matches(line).count(), 1, "{what}: {log}");
    }
    // Outside of a tree there is none to name.
    let app = Router::new().route("/", on_get(fails));
    let (_, log) = logged(&app).await;
    assert!(log.contains("a route failed error.id="), "{log}");
}

#[tokio::test]
async fn a_page_of_a_router_is_logged_by_its_name_or_its_place() {
    async fn component() -> Result {
        Err(Error::msg("broken"))
    }
    let app = Router::new().route("/", on_get(page(component)));
    let (_, log) = logged(&app).await;
    assert!(log.contains("::component\" error.id="), "{log}");

    let app = Router::new().route(
        "/",
        on_get(async |request: PageRequest| request.render(component()).await),
    );
    let (_, log) = logged(&app).await;
    assert!(log.contains(" at="), "{log}");
    assert!(log.contains("logging.rs:"), "{log}");
    assert!(!log.contains("route="), "{log}");
}

async fn forgets(_: Children) -> Result {
    Ok(html! { "layout" })
}

#[cfg(debug_assertions)]
#[tokio::test]
async fn a_layout_that_forgets_its_children_is_warned_of() {
    async fn waits_in_vain(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, forgets).await?;
        let page = visit.page(0, std::future::pending::<Result>).await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    async fn is_ready(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, forgets).await?;
        let page = visit.page(0, || word("page")).await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    for leaf in [Leaf::new().page(waits_in_vain), Leaf::new().page(is_ready)] {
        let (status, log) = logged(&tree(leaf)).await;
        assert_eq!(status, 200);
        assert_eq!(
            log.matches("never awaited its children").count(),
            1,
            "{log}"
        );
        assert!(log.contains("route=\"/\""), "{log}");
        assert!(log.contains("logging::forgets"), "{log}");
    }
}

#[tokio::test]
async fn a_layout_that_asks_or_fails_is_not_warned_of() {
    async fn fails(_: Children) -> Result {
        Err(Error::from_status(http::StatusCode::FORBIDDEN))
    }
    async fn mends(children: Children) -> Result {
        Ok(children.await.unwrap_or(html! { "mended" }))
    }
    async fn asks_once(mut children: Children) -> Result {
        assert!((&mut children).now_or_never().is_none());
        Ok(html! { "not yet" })
    }
    async fn failing(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, fails).await?;
        let page = visit.page(0, || word("page")).await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    async fn mending(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, mends).await?;
        let page = visit
            .page(0, async || {
                Err(Error::from_status(http::StatusCode::CONFLICT))
            })
            .await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    async fn asking(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, asks_once).await?;
        let page = visit.page(0, std::future::pending::<Result>).await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    async fn redirected(mut visit: Visit<()>) -> Answer {
        let layout = visit.layout(0, forgets).await?;
        let page = visit.page(0, async || Err(redirect("/login"))).await?;
        let content = visit.under(layout, page);
        visit.answer(content).await
    }
    for (leaf, status) in [
        (Leaf::new().page(failing), 403),
        (Leaf::new().page(mending), 409),
        (Leaf::new().page(asking), 200),
        (Leaf::new().page(redirected), 303),
    ] {
        let (found, log) = logged(&tree(leaf)).await;
        assert_eq!(found, status);
        assert!(!log.contains("WARN"), "{log}");
    }
}

#[tokio::test]
async fn an_error_that_panics_when_it_is_printed_shows_in_its_view() {
    #[derive(Debug)]
    struct Unprintable;
    impl std::fmt::Display for Unprintable {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            panic!("on purpose")
        }
    }
    impl std::error::Error for Unprintable {}

    async fn fails() -> Result {
        Err(Unprintable)?
    }
    async fn page(mut visit: Visit<()>) -> Answer {
        let views = Views {
            error: Some(|_| html! { "view" }),
            not_found: None,
        };
        let content = visit.page(0, fails).await?;
        let content = visit.catch(views, content);
        visit.answer(content).await
    }
    let log = Log::start();
    let reply = read(&tree(Leaf::new().page(page)), "/").await;
    assert_eq!(reply, (500, "view".to_owned()));
    assert!(
        log.text()
            .contains("an error that panics when it is printed"),
        "{}",
        log.text()
    );
}
