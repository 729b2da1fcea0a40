//! G3: a second signal ends the process, and the first loses no request that was accepted.

use std::net::SocketAddr;
use std::time::Duration;

use rustix::process::Signal;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::child::Child;
use crate::client::Client;
use crate::limits::Limits;
use crate::row::failed;
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, Tried, check};

/// How long the process may take to leave.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Clients that connect again and again.
const CLIENTS: usize = 8;

pub(super) async fn run(form: Form) -> Outcome {
    let twice = twice(Signal::TERM, 143).await?;
    self::twice(Signal::INT, 130).await?;
    let child = Child::start("shutdown", &Limits::default())?;
    // Who answers listens for signals, too.
    Client::ask(child.address, "/quick").await?.expect(200)?;
    child.signal(Signal::INT)?;
    let status = child.exited(AT_ONCE).await?;
    check!(status.success(), "SIGINT: exit {status}");
    let mut figures = Vec::new();
    for _ in 0..form.pick(3, 30) {
        figures.push(burst().await?);
    }
    let (answered, refused) = figures
        .iter()
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    Ok(format!(
        "second signal: exit after {} ms; in {} bursts {answered} requests answered, {refused} \
         refused, none lost",
        twice.as_millis(),
        figures.len()
    ))
}

/// Signals twice while a stream is open, and says how long the second took.
async fn twice(signal: Signal, code: i32) -> Tried<Duration> {
    let child = Child::start("shutdown", &Limits::default())?;
    let mut client = Client::open(child.address).await?;
    client.get("/page/never").await?;
    client.read_to("shell").await?;
    child.signal(signal)?;
    let stopping = || Ok(child.log()?.iter().any(|line| line.contains("stopping")));
    until(PATIENCE, "the first signal", stopping).await?;
    child.signal(signal)?;
    let started = Instant::now();
    let status = child.exited(AT_ONCE).await?;
    check!(
        status.code() == Some(code),
        "{signal:?} twice: exit {status}"
    );
    check!(
        !client.reply().await?.is_complete(),
        "the stream that was cut looks complete"
    );
    Ok(started.elapsed())
}

/// How a request fared.
enum Fate {
    Answered,
    /// There was no connection, or it was reset before the server took it.
    Refused,
}

/// Signals while clients connect. Returns how many were answered and how many refused.
async fn burst() -> Tried<(i64, i64)> {
    const BEFORE: i64 = 200;
    let child = Child::start("shutdown", &Limits::default())?;
    // Keeps the process there until it has been asked what it handled.
    let mut parked = Client::open(child.address).await?;
    parked.get("/page/release").await?;
    parked.read_to("shell").await?;
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        clients.spawn(come_again(child.address));
    }
    until(
        PATIENCE,
        "a burst",
        || Ok(child.count("handled")? >= BEFORE),
    )
    .await?;
    child.signal(Signal::TERM)?;
    let (mut answered, mut refused) = (0, 0);
    while let Some(client) = clients.join_next().await {
        let (one, other) = client.map_err(failed)??;
        answered += one;
        refused += other;
    }
    let handled = child.count("handled")?;
    check!(
        handled == answered,
        "{handled} handled, {answered} answered"
    );
    // The process ends with this stream, perhaps before it has said that the gate is open; that it
    // is, the stream shows.
    let _ = child.open("release");
    let reply = parked.reply().await?.expect(200)?;
    check!(
        reply.text().contains("content"),
        "the parked stream has no content"
    );
    let status = child.exited(AT_ONCE).await?;
    check!(status.success(), "exit {status}");
    Ok((answered, refused))
}

/// Sends requests on new connections until one is refused.
async fn come_again(server: SocketAddr) -> Tried<(i64, i64)> {
    let mut answered = 0;
    loop {
        match request(server).await? {
            Fate::Answered => answered += 1,
            Fate::Refused => return Ok((answered, 1)),
        }
    }
}

async fn request(server: SocketAddr) -> Tried<Fate> {
    let Ok(mut client) = Client::open(server).await else {
        return Ok(Fate::Refused);
    };
    if client.get("/quick").await.is_err() || client.head().await.is_err() {
        check!(client.rest().is_empty(), "half a head: {:?}", client.rest());
        return Ok(Fate::Refused);
    }
    client.reply().await?.expect(200)?;
    Ok(Fate::Answered)
}
