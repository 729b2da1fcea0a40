//! L7: under mixed load of which a part leaves early, nothing grows.

use std::convert::Infallible;
use std::time::Duration;

use anabranch::prelude::{Error, Result, boundary, html, millis, page, secs, share};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::routing::{get, post};
use futures_util::{StreamExt as _, stream};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::child::Child;
use crate::client::{Client, Leave};
use crate::control::Control;
use crate::limits::Limits;
use crate::page::document;
use crate::process::kib;
use crate::random::Random;
use crate::row::failed;
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, Tried, check};

const CLIENTS: usize = 32;

/// Percent of the requests whose client leaves before their end.
const ABORTS: usize = 20;

/// What memory may differ between the middle and the end of the run.
const GROWTH: u64 = 4 << 20;

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/page/{number}", get(page(mixed)))
        .route(
            "/plain",
            get(page(|| async { Ok(document(html! { p { "plain" } })) })),
        )
        .route("/echo", post(|body: Bytes| async { body }))
        .route("/body", get(body))
        .with_state(control)
}

async fn mixed(Path(number): Path<u64>, State(control): State<Control>) -> Result {
    let alive = control.alive("futures");
    let work = share(async move {
        tokio::time::sleep(millis(number % 7)).await;
        drop(alive);
        Ok::<_, Error>(number)
    });
    let item = |index: u64| {
        let (work, alive) = (work.clone(), control.alive("futures"));
        async move {
            let _alive = alive;
            let number = *work.await?;
            tokio::time::sleep(millis((number + index) % 13)).await;
            match (number + index) % 11 {
                0 => Err(Error::msg("one of eleven fails")),
                _ => Ok(html! { p { (index) " of " (number) } }),
            }
        }
    };
    Ok(document(html! {
        @for index in 0..10 { (boundary(item(index)).loading(html! { p { "…" } })) }
        (boundary(item(10)).spawn())
        (boundary(async { std::future::pending().await }).deadline(millis(40)))
    }))
}

async fn body() -> Body {
    let chunks = stream::iter(0..64).then(|number: u8| async move {
        tokio::task::yield_now().await;
        Ok::<_, Infallible>(Bytes::from(vec![number; 8 << 10]))
    });
    Body::from_stream(chunks)
}

/// What the server has at one moment.
#[derive(Clone, Copy, Debug)]
struct Sample {
    tasks: i64,
    files: usize,
    resident: u64,
}

pub(super) async fn run(form: Form) -> Outcome {
    let length = form.pick(secs(60), secs(600));
    let child = Child::start("soak", &Limits::default())?;
    load(&child, Instant::now() + secs(2), |_| Ok(())).await?;
    let before = settled(&child, None).await?;
    let start = Instant::now();
    let mut samples = Vec::new();
    let requests = load(&child, start + length, |child| {
        samples.push(Sample::of(child)?);
        Ok(())
    })
    .await?;
    settled(&child, Some(before)).await?;
    let half = samples.len() / 2;
    let (middle, end) = (&samples[half..half + half / 2], &samples[half + half / 2..]);
    let (middle, end) = (median(middle), median(end));
    check!(
        end <= middle + GROWTH,
        "memory grows: {} to {}",
        kib(middle),
        kib(end)
    );
    let (tasks, files) = (
        samples.iter().map(|one| one.tasks),
        samples.iter().map(|one| one.files),
    );
    Ok(format!(
        "{requests} requests; tasks and files back to the baseline (at most {} and {}); memory {} \
         in the third quarter, {} in the last",
        tasks.max().unwrap_or_default(),
        files.max().unwrap_or_default(),
        kib(middle),
        kib(end)
    ))
}

/// Loads the server until `end`, and looks at it every now and then. Returns the requests made.
async fn load(child: &Child, end: Instant, mut look: impl FnMut(&Child) -> Tried) -> Tried<usize> {
    const BETWEEN_LOOKS: Duration = Duration::from_millis(250);
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        let random = Random::of_row(&format!("L7 {number}"));
        clients.spawn(requests(child.address, end, random));
    }
    while Instant::now() < end {
        look(child)?;
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
    let mut made = 0;
    while let Some(client) = clients.join_next().await {
        made += client.map_err(failed)??;
    }
    Ok(made)
}

async fn requests(server: std::net::SocketAddr, end: Instant, mut random: Random) -> Tried<usize> {
    let mut made = 0;
    let mut client = Client::open(server).await?;
    while Instant::now() < end {
        made += 1;
        let number = random.below(1_000);
        match random.below(10) {
            0..=5 => client.get(&format!("/page/{number}")).await?,
            6 => client.get("/plain").await?,
            7 => client.get("/body").await?,
            _ => {
                let body = "x".repeat(number);
                let head = "POST /echo HTTP/1.1\r\nhost: localhost\r\ncontent-length:";
                client
                    .send(format!("{head} {number}\r\n\r\n{body}"))
                    .await?;
            }
        }
        if random.chance(ABORTS) {
            if random.chance(50) {
                client.head().await?;
            }
            client.leave(*random.pick(&[Leave::Fin, Leave::Rst]))?;
            client = Client::open(server).await?;
        } else {
            client.reply().await?.expect(200)?;
        }
    }
    Ok(made)
}

/// Waits until the server has no more than before, or, without a before, no futures.
async fn settled(child: &Child, before: Option<Sample>) -> Tried<Sample> {
    until(PATIENCE, "the server has what it had before", || {
        let now = Sample::of(child)?;
        let back =
            before.is_none_or(|before| now.tasks <= before.tasks && now.files <= before.files);
        Ok(back && child.count("futures")? == 0 && now.files < CLIENTS)
    })
    .await
    .map_err(|error| format!("{error}: {before:?}, now {:?}", Sample::of(child)))?;
    Sample::of(child)
}

impl Sample {
    fn of(child: &Child) -> Tried<Self> {
        Ok(Self {
            tasks: child.count("tasks")?,
            files: child.files()?,
            resident: child.resident()?,
        })
    }
}

fn median(samples: &[Sample]) -> u64 {
    let mut resident: Vec<_> = samples.iter().map(|sample| sample.resident).collect();
    resident.sort_unstable();
    resident
        .get(resident.len() / 2)
        .copied()
        .unwrap_or_default()
}
