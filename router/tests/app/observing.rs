//! What an observer is told of the waits before the commit point.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use anabranch_boundaries::{Head, Result};
use anabranch_engine::{Monitor, Observer, Span};
use anabranch_router::app::{Answer, Children, Leaf, PageHead, Request, Routes, Views, Visit};
use axum::Router;
use axum::extract::FromRequestParts;
use http::Method;
use http::request::Parts;
use maud::html;
use tokio::time::Instant;

use crate::support::{request, send, tenth};

/// Writes down what was awaited: from when to when, in milliseconds.
struct Waits {
    began: Instant,
    lines: Mutex<Vec<String>>,
}

impl Observer for Waits {
    fn awaited(&self, span: &Span<'_>) {
        let ms = |at: Instant| at.duration_since(self.began).as_millis();
        let (from, to) = (ms(span.from), ms(span.to));
        let line = format!("{} {} {from}-{to}", span.what, span.place);
        self.lines.lock().unwrap().push(line);
    }
}

/// What is awaited before the commit point of the page at `/`.
async fn waits(app: &Router) -> Vec<String> {
    let waits = Arc::new(Waits {
        began: Instant::now(),
        lines: Mutex::default(),
    });
    let mut request = request(Method::GET, "/");
    let monitor = Monitor::new();
    monitor.observe(waits.clone());
    request.extensions_mut().insert(monitor);
    send(app, request).await.text().await;
    std::mem::take(&mut waits.lines.lock().unwrap())
}

/// An extractor that takes its time.
struct Slow;

impl<S: Sync> FromRequestParts<S> for Slow {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
        tenth().await;
        Ok(Self)
    }
}

async fn guard(request: Request) -> Result<Request> {
    tenth().await;
    Ok(request)
}

/// Waits for the heads, for itself, for its children, and for itself again.
async fn layout(children: Children, head: PageHead) -> Result {
    let head = head.await?;
    tenth().await;
    let children = children.await?;
    tenth().await;
    Ok(html! { head { (head) } body { (children) } })
}

/// Waits for nothing of its own.
async fn plain(children: Children) -> Result {
    children.await
}

async fn head(_: Slow) -> Result<Head> {
    tenth().await;
    Ok(Head::title("waits"))
}

async fn page() -> Result {
    for _ in 0..3 {
        tenth().await;
    }
    Ok(html! { "page" })
}

async fn chain(mut visit: Visit<()>) -> Answer {
    let layout_0 = visit.at("app/layout.rs").layout(0, layout).await?;
    let layout_1 = visit.at("app/plain/layout.rs").layout(0, plain).await?;
    let head = visit.at("app/plain/page.rs").head(0, head).await?;
    let content = visit.at("app/plain/page.rs").page(0, page).await?;
    let content = visit.headed(head, content);
    let content = visit.under(layout_1, content);
    let content = visit.under(layout_0, content);
    visit.answer(content).await
}

#[tokio::test(start_paused = true)]
async fn every_file_is_told_with_its_own_waits() {
    let leaf = Leaf::new()
        .at("app/middleware.rs")
        .middleware(0, guard)
        .page(chain);
    let app = Routes::new().route("/", leaf).into_router();
    assert_eq!(
        waits(&app).await,
        [
            "middleware app/middleware.rs 0-100",
            "extract app/plain/page.rs 100-200",
            "head app/plain/page.rs 200-300",
            "layout app/layout.rs 300-400",
            "page app/plain/page.rs 200-500",
            "layout app/plain/layout.rs 500-500",
            "layout app/layout.rs 500-600",
        ]
    );
}

/// The page behind a loading view, which is called by its file.
async fn loading(mut visit: Visit<()>) -> Answer {
    let layout_0 = visit.at("app/layout.rs").layout(0, plain).await?;
    let content = visit.at("app/page.rs").page(0, page).await?;
    let views = Views::default();
    let content = visit
        .at("app/loading.rs")
        .loading(|| html! { "…" }, views, content);
    let content = visit.under(layout_0, content);
    visit.answer(content).await
}

#[tokio::test(start_paused = true)]
async fn what_a_boundary_waits_for_is_no_wait_of_the_page() {
    let app = Routes::new()
        .route("/", Leaf::new().page(loading))
        .into_router();
    assert_eq!(waits(&app).await, ["layout app/layout.rs 0-0"]);
}
