//! The app under test: a dashboard, as it should be and with one flaw each.

use anabranch::prelude::*;
use axum::routing::get;
use axum::{Extension, Router};
use tokio::sync::Notify;

use std::sync::Arc;

/// What is wrong with the dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    Nothing,
    /// The page awaits the revenue itself.
    AwaitsInPage,
    /// The page awaits something that never comes.
    NeverCommits,
    /// The response waits for all boundaries.
    SentWhole,
    /// The revenue waits for the activity.
    OneAfterTheOther,
    /// The activity has no loading view.
    NoLoadingView,
    /// The loading view of the activity has no element.
    EmptyLoadingView,
    /// A style hides the loading view of the activity.
    HiddenLoadingView,
    /// The chart's loading view is a box that has no colour.
    NoColour,
    /// The chart's loading view is smaller than the chart.
    Shifts,
    /// The activity fails.
    Fails,
    /// The page tells readers apart.
    DiffersForBots,
    /// A script logs an error.
    LogsAnError,
}

pub(crate) fn app(flaw: Flaw) -> Router {
    Router::new().route("/", get(home)).layer(Extension(flaw))
}

async fn home(Extension(flaw): Extension<Flaw>, request: PageRequest, headers: Headers) -> Page {
    let request = match flaw {
        Flaw::SentWhole => request.whole(),
        _ => request,
    };
    request.render(dashboard(flaw, headers.is_bot())).await
}

async fn dashboard(flaw: Flaw, is_bot: bool) -> Result {
    let known = Arc::new(Notify::new());
    let first = known.clone();
    let activity = boundary(async move {
        first.notify_one();
        activity(flaw).await
    });
    let revenue = async move {
        if flaw == Flaw::OneAfterTheOther {
            known.notified().await;
        }
        revenue().await
    };
    if flaw == Flaw::NeverCommits {
        std::future::pending::<()>().await;
    }
    Ok(document(&html! {
        h1 { "Dashboard" }
        @if flaw == Flaw::AwaitsInPage {
            (revenue.await?)
        } @else {
            (boundary(revenue).name("revenue").loading(html! { p elementtiming="adding up" { "Adding up…" } }))
        }
        (boundary(chart()).name("chart").loading(skeleton(flaw)))
        (match flaw {
            Flaw::NoLoadingView => activity.name("activity"),
            Flaw::EmptyLoadingView => activity.name("activity").loading(html! { "…" }),
            Flaw::HiddenLoadingView => {
                activity.name("activity").loading(html! { p style="display:none" { "…" } })
            }
            _ => activity.name("activity").loading(html! { p.activity { "What happened…" } }),
        })
        table { tbody {
            (boundary(orders()).name("orders").loading(html! { tr { td { "…" } td { "…" } } }))
        } }
        @if flaw == Flaw::DiffersForBots && is_bot { p { "Hello, bot." } }
        @if flaw == Flaw::LogsAnError { script { "console.error('out of order')" } }
    }))
}

async fn revenue() -> Result {
    Ok(html! { p { strong { "1,024" } } })
}

async fn activity(flaw: Flaw) -> Result {
    if flaw == Flaw::Fails {
        return Err(Error::msg("the log is full"));
    }
    Ok(html! { ul.activity { li { "Ann has ordered." } } })
}

/// Nothing in it owns text.
async fn chart() -> Result {
    Ok(html! {
        svg width="400" height="300" { rect width="400" height="300" fill="teal" {} }
    })
}

/// Neither does anything here.
fn skeleton(flaw: Flaw) -> Markup {
    let height = if flaw == Flaw::Shifts { 20 } else { 300 };
    let colour = if flaw == Flaw::NoColour {
        "none"
    } else {
        "silver"
    };
    html! { div style={ "height:" (height) "px;background:" (colour) } {} }
}

async fn orders() -> Result {
    Ok(html! { @for order in 1..=3 { tr { td { "Order " (order) } td { (order * 100) } } } })
}

fn document(body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { "Dashboard" }
                style { "svg{display:block} p,ul{margin:0;padding:0;height:24px} .activity{height:200px}" }
            }
            body { (body) }
        }
    }
}

/// Who asks.
struct Headers(bool);

impl Headers {
    fn is_bot(&self) -> bool {
        self.0
    }
}

impl<S: Send + Sync> axum::extract::FromRequestParts<S> for Headers {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        _: &S,
    ) -> std::result::Result<Self, Self::Rejection> {
        let agent = parts.headers.get(axum::http::header::USER_AGENT);
        Ok(Self(agent.is_some_and(|agent| {
            agent.to_str().is_ok_and(|agent| agent.contains("bot"))
        })))
    }
}
