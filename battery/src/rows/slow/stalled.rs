//! B5: a reader that stops is disconnected once its time is up, if data waits for it; a stream
//! that has nothing to write lives.

use std::time::Duration;

use anabranch::Settings;
use anabranch::prelude::{PreEscaped, Result, boundary, html, page, secs};
use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Extension, Router};
use tokio::time::Instant;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::page::document;
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, check};

/// More than what lies between two sockets.
const SHELL: usize = 8 << 20;

/// How much later than its limit the server may notice.
const SLACK: Duration = Duration::from_secs(5);

/// More than twice the longest stall limit, so that no deadline of the page's own ends it first.
const LONGEST: Duration = secs(600);

pub(super) fn app(control: Control) -> Router {
    let settings = Settings::new().deadline(LONGEST).response_deadline(LONGEST);
    Router::new()
        .route("/{name}/{bytes}", get(page(waiting)))
        .layer(Extension(settings))
        .with_state(control)
}

async fn waiting(
    Path((name, bytes)): Path<(String, usize)>,
    State(control): State<Control>,
) -> Result {
    let alive = control.alive(&name);
    let content = async move {
        let _alive = alive;
        control.gates.wait(&name).await;
        Ok(html! { p { "content of " (name) } })
    };
    Ok(document(html! {
        p { "shell" }
        (boundary(content))
        pre { (PreEscaped("water ".repeat(bytes / 6))) }
    }))
}

pub(super) async fn run(form: Form) -> Outcome {
    let stall = form.pick(secs(1), secs(30));
    let limits = Limits {
        stall: Some(stall),
        ..Limits::default()
    };
    let child = Child::start("stalled", &limits)?;
    let mut parked = Client::open(child.address).await?;
    parked.get("/parked/0").await?;
    parked.read_to("shell").await?;
    let files = child.files()?;
    let started = Instant::now();

    let mut stopped = Client::small(child.address).await?;
    stopped.get(&format!("/stopped/{SHELL}")).await?;
    stopped.read_to("shell").await?;
    // Another, whose boundary has its content before the socket is full of the shell.
    let mut behind = Client::small(child.address).await?;
    behind.get(&format!("/behind/{SHELL}")).await?;
    behind.read_to("shell").await?;
    child.open("behind")?;
    let gone = until(stall + SLACK, "the end of those that stopped", || {
        Ok(child.count("stopped")? == 0 && child.files()? <= files)
    });
    let gone = gone.await?;
    check!(
        gone >= stall / 2,
        "closed after {gone:?} with a limit of {stall:?}"
    );
    check!(
        child.count("parked")? == 1,
        "the stream that had nothing to write is gone"
    );
    let cut = stopped.reply().await?;
    check!(!cut.is_complete(), "what was cut looks complete");

    // As long again, so that it is not a matter of a moment.
    let still = until(stall, "the end of the stream that waits", || {
        Ok(child.count("parked")? == 0)
    })
    .await;
    check!(
        still.is_err(),
        "the stream that had nothing to write has ended"
    );
    child.open("parked")?;
    let reply = parked.reply().await?.expect(200)?;
    check!(
        reply.text().contains("content of parked"),
        "{}",
        reply.text()
    );
    let log = until(PATIENCE, "a log line of it", || {
        Ok(child.log()?.iter().any(|line| line.contains("stalled")))
    });
    log.await?;
    Ok(format!(
        "closed after {:.1} s with a limit of {stall:?}; the stream beside was complete after {:.1} s",
        gone.as_secs_f64(),
        started.elapsed().as_secs_f64()
    ))
}
