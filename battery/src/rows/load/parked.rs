//! L1: many open streams that wait cost next to nothing, and all of them arrive.

use std::time::Duration;

use anabranch::prelude::{Error, Markup, Result, boundary, html, page, secs, share};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use tokio::task::JoinSet;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{document, shows};
use crate::process::kib;
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

const BOUNDARIES: usize = 10;

/// What a stream may take. Code that is not optimised has larger futures, and is slower.
const MEMORY: u64 = if cfg!(debug_assertions) { 48 } else { 16 } << 10;

/// The share of a core that a thousand parked streams may take, their heartbeats included.
const CPU: f64 = if cfg!(debug_assertions) { 0.08 } else { 0.02 };

/// Requests before the first look at the memory, so that what a server makes once is made.
const WARM_UP: usize = 50;

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/{gate}/{stream}", get(page(parked)))
        .with_state(control)
}

async fn parked(
    Path((gate, stream)): Path<(String, usize)>,
    State(control): State<Control>,
) -> Result {
    // One wait for all of them: ten would cost more memory than what they wait for.
    let open = share(async move {
        control.gates.wait(&gate).await;
        Ok::<_, Error>(())
    });
    let item = |number| {
        let open = open.clone();
        async move {
            open.await?;
            Ok(content(stream, number))
        }
    };
    Ok(document(html! {
        @for number in 0..BOUNDARIES {
            (boundary(item(number)).loading(html! { p { "Loading" } }).deadline(secs(600)))
        }
        p { "shell " (stream) }
    }))
}

/// What differs from stream to stream and from boundary to boundary.
fn content(stream: usize, number: usize) -> Markup {
    html! { p { "boundary " (number) " of stream " (stream) ", " (stream * 7919 + number) } }
}

fn whole(stream: usize) -> Markup {
    document(html! {
        @for number in 0..BOUNDARIES { (content(stream, number)) }
        p { "shell " (stream) }
    })
}

pub(super) async fn run(form: Form) -> Outcome {
    let streams = form.pick(1_000, 5_000);
    let child = Child::start("parked", &Limits::default())?;
    child.open("warm-up")?;
    for number in 0..WARM_UP {
        shows(
            &Client::ask(child.address, &format!("/warm-up/{number}")).await?,
            &whole(number),
        )?;
    }
    let before = child.resident()?;
    let mut parked = Vec::new();
    for stream in 0..streams {
        let mut client = Client::open(child.address).await?;
        client.get(&format!("/release/{stream}")).await?;
        client.read_to(&format!("shell {stream}")).await?;
        parked.push(client);
    }
    let memory = child.resident()?.saturating_sub(before) / streams as u64;
    let cpu = share_of_a_core(&child, form.pick(secs(6), secs(20))).await?;

    child.open("release")?;
    let mut replies = JoinSet::new();
    for (stream, mut client) in parked.into_iter().enumerate() {
        replies.spawn(async move {
            let reply = client.reply().await?;
            shows(&reply, &whole(stream)).map_err(|error| format!("stream {stream}: {error}"))
        });
    }
    while let Some(shown) = replies.join_next().await {
        shown.map_err(failed)??;
    }
    check!(memory <= MEMORY, "{} for each stream", kib(memory));
    check!(
        cpu < CPU * streams as f64 / 1_000.0,
        "parked streams take {:.1} % of a core",
        cpu * 100.0
    );
    Ok(format!(
        "{streams} streams, all right; {} and {:.4} % of a core each; {:.2} % in all",
        kib(memory),
        cpu * 100.0 / streams as f64,
        cpu * 100.0,
    ))
}

/// What the process takes of one core while nothing happens: for a time that has heartbeats in it.
async fn share_of_a_core(child: &Child, window: Duration) -> Tried<f64> {
    let before = child.cpu()?;
    let started = tokio::time::Instant::now();
    tokio::time::sleep(window).await;
    let cpu = child.cpu()?.saturating_sub(before);
    Ok(cpu.as_secs_f64() / started.elapsed().as_secs_f64())
}
