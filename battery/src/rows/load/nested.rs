//! L5: boundaries in each other, up to the limits and beyond them.

use anabranch::prelude::{Error, Markup, Result, boundary, html, page};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use futures_util::future::BoxFuture;

use crate::child::Child;
use crate::client::{Client, Reply};
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{document, shows};
use crate::{Form, Outcome, Tried, check};

/// The limits that pages have by default.
const DEEPEST: usize = 100;
const MOST: usize = 40_000;

/// Far beyond them: what a mistake or an attacker would ask for.
const FAR: usize = 1_000_000;

pub(super) fn app(_: Control) -> Router {
    Router::new()
        .route("/deep/{depth}", get(page(deep)))
        .route("/wide/{boundaries}", get(page(wide)))
}

async fn deep(Path(depth): Path<usize>) -> Result {
    Ok(document(html! {
        (boundary(level(depth)).error(|_: &Error| html! { p { "too deep" } }))
    }))
}

/// One level and, inside, the next. Every other is ready at its first poll.
fn level(left: usize) -> BoxFuture<'static, Result> {
    Box::pin(async move {
        if left.is_multiple_of(2) {
            tokio::task::yield_now().await;
        }
        if left == 1 {
            return Ok(html! { b { "bottom" } });
        }
        Ok(html! { i { (left) } (boundary(level(left - 1)).loading(html! { "…" })) })
    })
}

async fn wide(Path(boundaries): Path<usize>) -> Result {
    let all = async move {
        tokio::task::yield_now().await;
        Ok(html! {
            @for _ in 0..boundaries { (boundary(async { Ok(html! { "x" }) })) }
        })
    };
    Ok(document(html! {
        p { "beside" }
        (boundary(all).error(|_: &Error| html! { p { "too many" } }))
    }))
}

fn levels(depth: usize, bottom: &Markup) -> Markup {
    document(html! { @for left in (2..=depth).rev() { i { (left) } } (bottom) })
}

const BOT: &str = "user-agent: Googlebot\r\n";

pub(super) async fn run(_: Form) -> Outcome {
    let child = Child::start("nested", &Limits::default())?;
    let bottom = html! { b { "bottom" } };
    for depth in [64, DEEPEST] {
        let reply = ask(&child, &format!("/deep/{depth}"), "").await?;
        shows(&reply, &levels(depth, &bottom))?;
    }
    for agent in ["", BOT] {
        let deep = ask(&child, &format!("/deep/{FAR}"), agent).await?;
        check!(deep.text().contains("<p>too deep</p>"), "{}", deep.text());
        let wide = ask(&child, &format!("/wide/{MOST}"), agent).await?;
        let text = wide.text();
        check!(
            text.contains("<p>too many</p>"),
            "no error view for {MOST} and one"
        );
        check!(
            text.contains("<p>beside</p>"),
            "the rest of the page is gone"
        );
        ask(&child, &format!("/wide/{FAR}"), agent).await?;
        let most = ask(&child, &format!("/wide/{}", MOST - 1), agent).await?;
        check!(
            !most.text().contains("too many"),
            "{MOST} boundaries are too many"
        );
    }
    for clear in ["nest deeper than 100", "a response holds 40000"] {
        let log = child.log()?;
        let line = log.iter().find(|line| line.contains(clear));
        let line = line.ok_or_else(|| format!("the log does not say {clear}: {log:?}"))?;
        check!(line.contains("nested.rs"), "the log names no place: {line}");
    }
    Ok(format!(
        "64 and {DEEPEST} levels right; {FAR} levels or boundaries: an error view and a log line"
    ))
}

async fn ask(child: &Child, path: &str, headers: &str) -> Tried<Reply> {
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
    Client::exchange(child.address, request).await?.expect(200)
}
