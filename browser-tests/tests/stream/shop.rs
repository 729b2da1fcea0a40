//! The app under test: pages as a user would write them, without a thought of tests.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anabranch::prelude::*;
use anabranch_paint::stream::{StreamRequest, StreamTest};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName};
use axum::routing::get;

/// What the shop counts: how often it asked for its orders, and how many connections are lent.
#[derive(Clone, Default)]
pub(crate) struct Shop {
    queries: Arc<AtomicUsize>,
    lent: Arc<AtomicUsize>,
}

/// A connection to a database, until it is dropped.
pub(crate) struct Connection(Arc<AtomicUsize>);

impl Shop {
    pub(crate) fn connection(&self) -> Connection {
        self.lent.fetch_add(1, Ordering::Relaxed);
        Connection(self.lent.clone())
    }

    pub(crate) fn lent(&self) -> usize {
        self.lent.load(Ordering::Relaxed)
    }

    pub(crate) fn queries(&self) -> usize {
        self.queries.load(Ordering::Relaxed)
    }

    async fn orders(self) -> Result<Vec<u32>> {
        let _connection = self.connection();
        self.queries.fetch_add(1, Ordering::Relaxed);
        tokio::time::sleep(millis(300)).await;
        Ok(vec![1_000, 24])
    }

    pub(crate) fn app(&self) -> Router {
        Router::new()
            .route("/", get(page(dashboard)))
            .route("/products/{id}", get(page(product)))
            .route("/old", get(page(moved)))
            .route("/gone", get(page(gone_late)))
            .route("/broken", get(page(broken)))
            .route("/slow", get(page(slow)))
            .route("/account", get(page(account)))
            .with_state(self.clone())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Asks a shop of its own.
#[track_caller]
pub(crate) fn ask(path: &str) -> StreamRequest {
    StreamTest::get(Shop::default().app(), path)
}

fn document(body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (Head::title("Shop")) }
            body { (body) }
        }
    }
}

fn text(text: &str) -> Markup {
    html! { p { (text) } }
}

/// Two boundaries that share a query, and one with a boundary inside.
async fn dashboard(State(shop): State<Shop>) -> Result {
    let orders = share(shop.clone().orders());
    let count = orders.clone();
    let revenue = async move {
        let sum: u32 = orders.await?.iter().sum();
        Ok(text(&format!("Revenue: {sum}")))
    };
    let orders = async move { Ok(text(&format!("Orders: {}", count.await?.len()))) };
    Ok(document(&html! {
        h1 { "Today" }
        (boundary(revenue).name("revenue").loading(text("Adding up…")))
        (boundary(orders).name("orders").loading(text("Counting…")))
        ul { (boundary(activity(shop)).name("activity").loading(html! { li { "…" } })) }
    }))
}

async fn activity(shop: Shop) -> Result {
    let _connection = shop.connection();
    tokio::task::yield_now().await;
    let latest = async move {
        let _connection = shop.connection();
        tokio::time::sleep(millis(100)).await;
        Ok(html! { b { "</template>" } })
    };
    Ok(html! {
        li { "Ada bought a lamp" }
        li { (boundary(latest).name("latest").loading(html! { i { "Looking…" } }).spawn()) }
    })
}

/// A page that decides on its status before the commit, and knows its title late.
async fn product(Path(id): Path<u32>, parts: ResponseParts) -> Result {
    if id != 7 {
        return Err(not_found());
    }
    parts.insert_header(HeaderName::from_static("x-product"), "7")?;
    let details = async {
        Ok(html! {
            (Head::title("Lamp"))
            (text("A lamp."))
        })
    };
    Ok(document(
        &html! { (boundary(details).name("details").loading(text("Looking…"))) },
    ))
}

async fn moved() -> Result {
    Err(redirect("/products/7"))
}

/// Finds out after the commit that there is nothing to show.
async fn gone_late() -> Result {
    let details = async { Err(not_found()) };
    Ok(document(
        &html! { (boundary(details).name("details").loading(text("Looking…"))) },
    ))
}

/// One boundary fails, one panics, one is well.
async fn broken() -> Result {
    let fails = async { Err(Error::msg("the database is away")) };
    let view = |error: &Error| html! { p { "Sorry, error " (error.id()) } };
    let panics = async { panic!("a bug") };
    Ok(document(&html! {
        (boundary(fails).name("fails").loading(text("…")).error(view))
        (boundary(panics).name("panics").loading(text("…")).error(view))
        (boundary(async { Ok(text("Well.")) }).name("well").loading(text("…")))
    }))
}

/// A boundary that takes a minute, and has five seconds.
async fn slow() -> Result {
    let report = async {
        tokio::time::sleep(secs(60)).await;
        Ok(text("The report."))
    };
    let late = |error: &Error| {
        text(if error.is_timeout() {
            "Later."
        } else {
            "Never."
        })
    };
    Ok(document(&html! {
        (boundary(report).name("report").deadline(secs(5)).loading(text("Reporting…")).error(late))
    }))
}

/// Who is asking, and a boundary that has neither name nor loading view.
async fn account(headers: HeaderMap) -> Result {
    let cookie = headers
        .get("cookie")
        .and_then(|cookie| cookie.to_str().ok());
    let cookie = cookie.unwrap_or("nobody").to_owned();
    let nameless = boundary(async { Ok(text("Nameless.")) });
    Ok(document(&html! { h1 { (cookie) } (nameless) }))
}
