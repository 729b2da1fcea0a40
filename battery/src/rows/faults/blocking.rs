//! F9: a boundary that blocks its thread holds up nobody when it is spawned, and is named.

use std::thread;

use anabranch::prelude::{Result, boundary, html, millis, page};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{document, shows};
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, check};

/// Requests beside the one that is blocked.
const BESIDE: usize = 50;

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/spawned", get(page(spawned)))
        .route("/driven/{millis}", get(page(driven)))
        .route("/plain", get(async || "here"))
        .with_state(control)
}

async fn spawned(State(control): State<Control>) -> Result {
    let blocks = async move {
        let release = control.counter("release");
        control.counter("blocked").add(1);
        // No gate: those can be awaited, and this shall not.
        while release.get() == 0 {
            thread::sleep(millis(1));
        }
        Ok(html! { p { "unblocked" } })
    };
    Ok(document(html! {
        (boundary(blocks).spawn())
        @for number in 0..9 { (boundary(item(number))) }
    }))
}

async fn item(number: usize) -> Result {
    tokio::time::sleep(millis(number as u64)).await;
    Ok(html! { p { "boundary " (number) } })
}

async fn driven(Path(time): Path<u64>) -> Result {
    let blocks = async move {
        tokio::task::yield_now().await;
        thread::sleep(millis(time));
        Ok(html! {})
    };
    Ok(document(
        html! { (boundary(blocks).name("the-blocking-one")) },
    ))
}

pub(super) async fn run(_: Form) -> Outcome {
    let child = Child::start("blocking", &Limits::default())?;
    let mut client = Client::open(child.address).await?;
    client.get("/spawned").await?;
    until(PATIENCE, "a thread that is blocked", || {
        Ok(child.count("blocked")? == 1)
    })
    .await?;
    for number in 0..9 {
        client.read_to(&format!("boundary {number}")).await?;
    }
    for _ in 0..BESIDE {
        Client::ask(child.address, "/plain").await?.expect(200)?;
    }
    child.add("release")?;
    let expected = document(html! {
        p { "unblocked" }
        @for number in 0..9 { p { "boundary " (number) } }
    });
    shows(&client.reply().await?, &expected)?;

    // Long enough to be noticed in a debug build.
    Client::ask(child.address, "/driven/250")
        .await?
        .expect(200)?;
    if cfg!(debug_assertions) {
        let log = child.log()?;
        let named = |line: &&String| line.contains("WARN") && line.contains("the-blocking-one");
        let warning = log.iter().find(named);
        check!(warning.is_some(), "no warning names it: {log:?}");
    }
    Ok(format!(
        "nine boundaries and {BESIDE} responses beside a blocked thread"
    ))
}
