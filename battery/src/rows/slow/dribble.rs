//! B1: whoever does not send a whole head in time is disconnected, and nobody else notices.

use std::net::SocketAddr;
use std::time::Duration;

use anabranch::Server;
use anabranch::prelude::{millis, secs};
use axum::Router;
use axum::routing::get;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::client::Client;
use crate::local::Local;
use crate::row::failed;
use crate::wait::within;
use crate::{Form, Outcome, Tried, check};

const CLIENTS: usize = 100;

/// How much later than its limit the server may notice.
const SLACK: Duration = Duration::from_secs(2);

/// How long a probe may take: it ends a row that hangs, on a machine that is busy.
const PROBE: Duration = Duration::from_secs(5);

pub(super) async fn run(form: Form) -> Outcome {
    let limit = form.pick(secs(1), secs(10));
    let app = Router::new().route("/", get(async || "here"));
    let local = Local::serve(Server::new().head_timeout(limit), app).await?;
    let mut clients = JoinSet::new();
    for number in 0..CLIENTS {
        // Half of them after a whole request, where the limit runs from the next first byte.
        clients.spawn(dribble(local.address, number % 2 == 0));
        clients.spawn(say_nothing(local.address));
    }
    let mut probes = 0;
    let mut worst = Duration::ZERO;
    while let Some(closed) = {
        let started = Instant::now();
        within(PROBE, "a probe", Client::ask(local.address, "/"))
            .await??
            .expect(200)?;
        probes += 1;
        worst = worst.max(started.elapsed());
        clients.join_next().await
    } {
        let after = closed.map_err(failed)??;
        check!(
            after <= limit + SLACK,
            "closed after {after:?} instead of {limit:?}"
        );
    }
    Ok(format!(
        "all closed within {:?} of a limit of {limit:?}; {probes} probes, the slowest {} ms",
        limit + SLACK,
        worst.as_millis()
    ))
}

/// The time until the server closes a connection on which a head comes byte by byte.
async fn dribble(server: SocketAddr, second: bool) -> Tried<Duration> {
    const PAUSE: Duration = millis(50);
    let mut client = Client::open(server).await?;
    if second {
        client.get("/").await?;
        client.reply().await?.expect(200)?;
    }
    let started = Instant::now();
    let head = "GET / HTTP/1.1\r\nhost: localhost\r\nx-long: ".bytes();
    let mut head = head.chain(std::iter::repeat(b'x'));
    loop {
        let byte = head.next().unwrap_or_default();
        // Sending fails once the server has closed.
        if client.send([byte]).await.is_err() || client.hears_within(PAUSE).await? {
            return Ok(started.elapsed());
        }
    }
}

/// The time until the server closes a connection on which nothing comes.
async fn say_nothing(server: SocketAddr) -> Tried<Duration> {
    let started = Instant::now();
    let mut client = Client::open(server).await?;
    client.closed().await?;
    Ok(started.elapsed())
}
