//! F1: a client that leaves takes along all that was made for it, and is no error.

use anabranch::prelude::{Error, PreEscaped, Result, boundary, html, page, secs, share};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use tokio::task::JoinSet;

use crate::child::Child;
use crate::client::{Client, Leave};
use crate::control::{Alive, Control};
use crate::limits::Limits;
use crate::page::document;
use crate::process::kib;
use crate::random::Random;
use crate::row::failed;
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, Tried, check};

/// Clients that are there at the same time.
const AT_ONCE: usize = 50;

/// What memory may differ after as many have left again: less than 5 KiB for each of 500.
const GROWTH: u64 = 2 << 20;

/// How often they may come and leave before memory is as it was the time before.
const MOST_ROUNDS: usize = 5;

/// Where a response is when its client leaves.
#[derive(Clone, Copy, Debug)]
enum Point {
    /// The head of the request is not complete.
    InTheHead,
    BeforeTheShell,
    AfterTheShell,
    BetweenPatches,
    /// The shell is larger than what lies between two sockets, and the client stops in it.
    InAFrame,
}

const POINTS: [Point; 5] = [
    Point::InTheHead,
    Point::BeforeTheShell,
    Point::AfterTheShell,
    Point::BetweenPatches,
    Point::InAFrame,
];

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/held", get(page(held)))
        .route("/open/{bytes}", get(page(open)))
        .with_state(control)
}

async fn held(State(control): State<Control>) -> Result {
    for_ever(control.alive("futures")).await
}

async fn for_ever(alive: Alive) -> Result {
    let _alive = alive;
    std::future::pending().await
}

/// A page of every kind of future that a page can start; each counts while it lives.
async fn open(Path(bytes): Path<usize>, State(control): State<Control>) -> Result {
    let alive = || control.alive("futures");
    let (nested, spawned, awaiting) = (alive(), alive(), alive());
    let work = alive();
    let shared = share(async move { for_ever(work).await.map(drop) });
    let outer = async move { Ok(html! { (boundary(for_ever(nested))) }) };
    let awaiting = async move {
        let _alive = awaiting;
        shared.await?;
        Ok::<_, Error>(html! {})
    };
    let first = async {
        tokio::task::yield_now().await;
        Ok(html! { p { "first" } })
    };
    Ok(document(html! {
        p { "shell" }
        pre { (PreEscaped("water ".repeat(bytes / 6))) }
        (boundary(outer))
        (boundary(for_ever(spawned)).spawn().deadline(secs(600)))
        (boundary(awaiting))
        (boundary(first).loading(html! { p { "…" } }))
    }))
}

pub(super) async fn run(form: Form) -> Outcome {
    let clients = form.pick(500, 5_000);
    let child = Child::start("leaving", &Limits::default())?;
    Client::ask(child.address, "/nothing").await?;
    let baseline = (child.count("tasks")?, child.files()?);
    let mut random = Random::of_row("F1");
    let mut memory = Vec::new();
    let mut last = Vec::new();
    let mut growth = u64::MAX;
    // A leak shows every time; what the allocator keeps for its threads, only at first.
    while growth > GROWTH && memory.len() < MOST_ROUNDS {
        leave(&child, clients, &mut random).await?;
        last.push(gone(&child, baseline).await?);
        let resident = child.resident()?;
        growth = memory
            .last()
            .map_or(u64::MAX, |before| resident.saturating_sub(*before));
        memory.push(resident);
    }
    let errors = child.count("errors")?;
    check!(
        errors == 0,
        "{errors} error lines: {:?}",
        child.log()?.last()
    );
    check!(
        growth <= GROWTH,
        "{} more memory each time as many have left: {memory:?}",
        kib(growth)
    );
    Ok(format!(
        "tasks, futures and files at the baseline {} ms after the last left; no error line; {} \
         more memory after as many again",
        last.iter().max().unwrap_or(&0),
        kib(growth)
    ))
}

/// Lets clients come and leave, at all points and in both ways.
async fn leave(child: &Child, clients: usize, random: &mut Random) -> Tried {
    let ways = POINTS
        .into_iter()
        .flat_map(|point| [(point, Leave::Fin), (point, Leave::Rst)]);
    let mut ways: Vec<_> = ways.cycle().take(clients).collect();
    random.shuffle(&mut ways);
    for batch in ways.chunks(AT_ONCE) {
        let mut present = JoinSet::new();
        for (point, how) in batch.iter().copied() {
            let (server, cut) = (child.address, 1 + random.below(30));
            present.spawn(async move {
                let client = come(server, point, cut).await;
                client
                    .map_err(|error| format!("{point:?}: {error}"))?
                    .leave(how)
            });
        }
        while let Some(left) = present.join_next().await {
            left.map_err(failed)??;
        }
    }
    Ok(())
}

/// Goes to the point.
async fn come(server: std::net::SocketAddr, point: Point, cut: usize) -> Tried<Client> {
    let mut client = Client::small(server).await?;
    match point {
        Point::InTheHead => {
            client
                .send(&"GET /open/0 HTTP/1.1\r\nhost: localhost\r\n\r\n"[..cut])
                .await?;
        }
        Point::BeforeTheShell => client.get("/held").await?,
        Point::AfterTheShell => {
            client.get("/open/0").await?;
            client.read_to("shell").await?;
        }
        Point::BetweenPatches => {
            client.get("/open/0").await?;
            client.read_to("<p>first</p></template>").await?;
        }
        Point::InAFrame => {
            client.get(&format!("/open/{}", 1 << 20)).await?;
            client.read_bytes(cut).await?;
        }
    }
    Ok(client)
}

/// Waits until the server has what it had before, and says how many milliseconds that took.
async fn gone(child: &Child, (tasks, files): (i64, usize)) -> Tried<u128> {
    let took = until(PATIENCE, "the baseline", || {
        Ok(child.count("futures")? == 0
            && child.count("tasks")? <= tasks
            && child.files()? <= files)
    });
    let took = took.await.map_err(|error| {
        let now = (child.count("futures"), child.count("tasks"), child.files());
        format!("{error}: {tasks} tasks and {files} files before, now {now:?}")
    })?;
    Ok(took.as_millis())
}
