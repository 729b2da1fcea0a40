//! A client that leaves takes its futures along, within 100 ms, wherever the response is.

use std::time::{Duration, Instant};

use anabranch::prelude::{Result, boundary, html, secs, share};
use anabranch::{Error, page};
use anabranch_paint::Gates;
use axum::Router;
use axum::routing::get;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::client::{Client, Leave};
use crate::pages::{document, gated, soon, until};
use crate::server::Server;

const LIMIT: Duration = Duration::from_millis(100);

/// A machine that is busy with something else proves nothing, so the best of a few counts.
const ATTEMPTS: usize = 5;

/// Tells when it was dropped.
struct Guard(UnboundedSender<Instant>);

impl Drop for Guard {
    fn drop(&mut self) {
        // Nobody listens once the test has what it wanted.
        let _ = self.0.send(Instant::now());
    }
}

/// Where a response is when the client leaves.
#[derive(Clone, Copy, Debug)]
enum Moment {
    BeforeTheShell,
    AfterTheShell,
    BetweenPatches,
}

/// How many guards there are: that of the page, which is dropped at the shell, and those of what
/// it starts.
const BEFORE_THE_SHELL: usize = 1;
const IN_ALL: usize = 5;

async fn for_ever(guard: Guard) -> Result {
    let _guard = guard;
    std::future::pending().await
}

async fn waiting(gates: Gates, dropped: UnboundedSender<Instant>) -> Result {
    let guard = || Guard(dropped.clone());
    let shell = guard();
    gates.wait("shell").await;
    drop(shell);
    let (work, nested, spawned, plain) = (guard(), guard(), guard(), guard());
    let shared = share(async {
        for_ever(work).await?;
        Ok::<(), Error>(())
    });
    let outer = async { Ok(html! { (boundary(for_ever(nested))) }) };
    let awaiting = async {
        shared.await?;
        Ok(html! {})
    };
    Ok(document(html! {
        (boundary(gated(gates, "patch")))
        (boundary(outer))
        (boundary(for_ever(spawned)).spawn())
        (boundary(for_ever(plain)))
        (boundary(awaiting))
        p { "shell" }
    }))
}

/// The time from the client's leaving to the end of the last of its futures.
async fn time_to_drop(moment: Moment, leave: Leave) -> Duration {
    let gates = Gates::new();
    let (sender, mut dropped) = unbounded_channel();
    let app = {
        let gates = gates.clone();
        move || waiting(gates.clone(), sender.clone())
    };
    let server = Server::start(Router::new().route("/", get(page(app)))).await;
    let mut client = Client::get(server.address, "/").await;
    until(|| gates.waiting("shell") > 0).await;
    let mut expected = BEFORE_THE_SHELL;
    if !matches!(moment, Moment::BeforeTheShell) {
        expected = IN_ALL;
        gates.open("shell");
        soon(client.read_to("<p>shell</p>")).await;
    }
    if matches!(moment, Moment::BetweenPatches) {
        gates.open("patch");
        soon(client.read_to("content patch")).await;
    }
    let left = Instant::now();
    client.leave(leave);
    last_of(expected, &mut dropped).await - left
}

async fn last_of(expected: usize, dropped: &mut UnboundedReceiver<Instant>) -> Instant {
    let mut last = None;
    for _ in 0..expected {
        last = soon(dropped.recv()).await;
    }
    last.expect("at least one was waiting")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_future_is_dropped_within_100_ms() {
    for moment in [
        Moment::BeforeTheShell,
        Moment::AfterTheShell,
        Moment::BetweenPatches,
    ] {
        for leave in [Leave::Fin, Leave::Rst] {
            let mut best = Duration::MAX;
            for _ in 0..ATTEMPTS {
                best = best.min(time_to_drop(moment, leave).await);
                if best < LIMIT {
                    break;
                }
            }
            eprintln!("{moment:?}, {leave:?}: dropped after {best:?}");
            assert!(best < LIMIT, "{moment:?}, {leave:?}: {best:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn boundaries_that_sleep_for_a_minute_do_not_outlive_their_client() {
    let mut best = Duration::MAX;
    for _ in 0..ATTEMPTS {
        let (sender, mut dropped) = unbounded_channel();
        let app = move || {
            let sender = sender.clone();
            async move {
                let sleepers = (0..10).map(|_| Guard(sender.clone()));
                let sleepers = sleepers.map(|guard| async {
                    let _guard = guard;
                    tokio::time::sleep(secs(60)).await;
                    Ok(html! {})
                });
                Ok(document(html! {
                    @for sleeper in sleepers { (boundary(sleeper).deadline(secs(90))) }
                    p { "shell" }
                }))
            }
        };
        let server = Server::start(Router::new().route("/", get(page(app)))).await;
        let mut client = Client::get(server.address, "/").await;
        soon(client.read_to("<p>shell</p>")).await;
        let left = Instant::now();
        client.leave(Leave::Fin);
        best = best.min(last_of(10, &mut dropped).await - left);
        if best < LIMIT {
            break;
        }
    }
    eprintln!("dropped after {best:?}");
    assert!(best < LIMIT, "{best:?}");
}
