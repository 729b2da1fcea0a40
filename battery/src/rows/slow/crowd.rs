//! B9: more connections than the server takes wait for a place, and get one.

use std::net::SocketAddr;

use anabranch::prelude::{Result, boundary, html, page, secs};
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use tokio::task::JoinSet;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{document, gated};
use crate::row::failed;
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, Tried, check};

const EXTRA: usize = 500;

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/", get(page(parked)))
        .route("/plain", get(async || "here"))
        .with_state(control)
}

async fn parked(State(control): State<Control>) -> Result {
    let content = html! { p { "released" } };
    let content = gated(control.gates, "release".to_owned(), content);
    Ok(document(html! {
        p { "shell" }
        (boundary(content).deadline(secs(600)))
    }))
}

pub(super) async fn run(form: Form) -> Outcome {
    let limit: usize = form.pick(50, 2_000);
    let limits = Limits {
        connections: Some(limit as u64),
        ..Limits::default()
    };
    let child = Child::start("crowd", &limits)?;
    let (tasks, files) = (child.count("tasks")?, child.files()?);
    let mut parked = Vec::new();
    for _ in 0..limit {
        let mut client = Client::open(child.address).await?;
        client.get("/").await?;
        client.read_to("shell").await?;
        parked.push(client);
    }
    let mut extra = JoinSet::new();
    for _ in 0..EXTRA {
        extra.spawn(wait_for_a_place(child.address));
    }
    // Those that the server had accepted by mistake would show here.
    let parked_is_all = until(
        form.pick(secs(1), secs(5)),
        "an answer above the limit",
        || Ok(child.files()? > files + limit + 1 || extra.try_join_next().is_some()),
    );
    check!(
        parked_is_all.await.is_err(),
        "one was taken above the limit"
    );
    child.open("release")?;
    let mut complete = 0;
    for mut client in parked {
        let reply = client.reply().await?.expect(200)?;
        check!(
            reply.text().contains("released"),
            "a stream without its boundary"
        );
        complete += 1;
    }
    let mut served = 0;
    while let Some(reply) = extra.join_next().await {
        reply.map_err(failed)??;
        served += 1;
    }
    Client::ask(child.address, "/plain").await?.expect(200)?;
    until(PATIENCE, "tasks and files back at the baseline", || {
        Ok(child.count("tasks")? <= tasks && child.files()? <= files)
    })
    .await?;
    Ok(format!(
        "{complete} served at the limit, {served} of {EXTRA} more afterwards"
    ))
}

/// A place in the kernel's queue, or one behind it, until the server has one.
async fn wait_for_a_place(server: SocketAddr) -> Tried {
    let mut client = Client::open(server).await?;
    let request = "GET /plain HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n";
    client.send(request).await?;
    client.reply().await?.expect(200).map(drop)
}
