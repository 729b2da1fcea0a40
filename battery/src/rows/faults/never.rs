//! F8: a boundary that never resolves becomes its timeout view at its deadline, and holds up
//! nothing.

use std::time::Duration;

use anabranch::prelude::{Error, Result, boundary, html, page, secs};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use tokio::time::Instant;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{document, shows};
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, check};

/// How late a timeout view may be: it ends a row that hangs, on a machine that is busy.
const SLACK: Duration = Duration::from_secs(5);

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/{kind}/{seconds}", get(page(one_never)))
        .with_state(control)
}

async fn one_never(
    Path((kind, seconds)): Path<(String, u64)>,
    State(control): State<Control>,
) -> Result {
    let item = |number: usize| async move {
        tokio::task::yield_now().await;
        Ok(html! { p { "boundary " (number) } })
    };
    let alive = control.alive("futures");
    let never = boundary(async move {
        let _alive = alive;
        std::future::pending().await
    });
    let never = never.deadline(secs(seconds)).error(|error: &Error| {
        html! { p { @if error.is_timeout() { "too late" } @else { "something else" } } }
    });
    Ok(document(html! {
        @for number in 0..9 { (boundary(item(number))) }
        @if kind == "spawned" { (never.spawn()) } @else { (never) }
    }))
}

pub(super) async fn run(form: Form) -> Outcome {
    let seconds = form.pick(1, 10);
    let deadline = secs(seconds);
    let child = Child::start("never", &Limits::default())?;
    Client::ask(child.address, "/nothing").await?;
    let (tasks, files) = (child.count("tasks")?, child.files()?);
    let expected = document(html! {
        @for number in 0..9 { p { "boundary " (number) } }
        p { "too late" }
    });
    let mut figures = Vec::new();
    for kind in ["driven", "spawned"] {
        let mut client = Client::open(child.address).await?;
        let started = Instant::now();
        client.get(&format!("/{kind}/{seconds}")).await?;
        for number in 0..9 {
            client.read_to(&format!("boundary {number}")).await?;
        }
        let nine = started.elapsed();
        check!(nine < deadline, "the nine came after {nine:?}");
        let reply = client.reply().await?;
        let all = started.elapsed();
        check!(all >= deadline, "the timeout view came after {all:?}");
        check!(
            all <= deadline + SLACK,
            "the timeout view came after {all:?}"
        );
        shows(&reply, &expected)?;
        figures.push(format!(
            "{} and {} ms ({kind})",
            nine.as_millis(),
            all.as_millis()
        ));
    }
    until(
        PATIENCE,
        "tasks, futures and files back at the baseline",
        || {
            Ok(child.count("futures")? == 0
                && child.count("tasks")? <= tasks
                && child.files()? <= files)
        },
    )
    .await?;
    Ok(format!(
        "nine and the tenth after {}; deadline {deadline:?}",
        figures.join(", ")
    ))
}
