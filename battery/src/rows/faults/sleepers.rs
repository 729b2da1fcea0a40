//! F2: what sleeps for a client does not outlive it.

use std::time::Duration;

use anabranch::prelude::{Result, boundary, html, millis, page, secs};
use axum::Router;
use axum::extract::State;
use axum::routing::get;

use crate::child::Child;
use crate::client::{Client, Leave};
use crate::control::Control;
use crate::http2::{Http2, read_to};
use crate::limits::Limits;
use crate::page::document;
use crate::wait::{PATIENCE, until};
use crate::{Form, Outcome, Tried, check};

const SLEEPERS: i64 = 10;

const LIMIT: Duration = millis(100);

/// A machine that is busy with something else proves nothing, so the best of a few counts.
const ATTEMPTS: usize = 5;

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/", get(page(asleep)))
        .with_state(control)
}

async fn asleep(State(control): State<Control>) -> Result {
    let sleeper = || {
        let alive = control.alive("futures");
        async move {
            let _alive = alive;
            tokio::time::sleep(secs(60)).await;
            Ok(html! {})
        }
    };
    Ok(document(html! {
        @for number in 0..SLEEPERS {
            @let boundary = boundary(sleeper()).deadline(secs(90));
            // Some in tasks of their own, which nothing drops by itself.
            @if number % 3 == 0 { (boundary.spawn()) } @else { (boundary) }
        }
        p { "shell" }
    }))
}

/// Who leaves, and how.
#[derive(Clone, Copy, Debug)]
enum Who {
    Http1(Leave),
    /// The client resets its stream, and keeps the connection.
    Http2Stream,
    Http2Connection,
}

pub(super) async fn run(_: Form) -> Outcome {
    let child = Child::start("sleepers", &Limits::default())?;
    let mut times = Vec::new();
    for who in [
        Who::Http1(Leave::Fin),
        Who::Http1(Leave::Rst),
        Who::Http2Stream,
        Who::Http2Connection,
    ] {
        let mut best = Duration::MAX;
        for _ in 0..ATTEMPTS {
            best = best.min(time_to_drop(&child, who).await?);
            if best <= LIMIT {
                break;
            }
        }
        check!(best <= LIMIT, "{who:?}: dropped after {best:?}");
        times.push(format!("{who:?} {} ms", best.as_millis()));
    }
    Ok(times.join(", "))
}

async fn time_to_drop(child: &Child, who: Who) -> Tried<Duration> {
    let asleep = |so_many| move || Ok(child.count("futures")? == so_many);
    let all_gone = || until(PATIENCE, "the end of the sleepers", asleep(0));
    match who {
        Who::Http1(leave) => {
            let mut client = Client::open(child.address).await?;
            client.get("/").await?;
            client.read_to("shell").await?;
            check!(child.count("futures")? == SLEEPERS, "they do not sleep");
            client.leave(leave)?;
            all_gone().await
        }
        Who::Http2Stream | Who::Http2Connection => {
            let mut client = Http2::open(child.address).await?;
            let mut body = client.get("/").await?.into_body();
            read_to(&mut body, "shell").await?;
            check!(child.count("futures")? == SLEEPERS, "they do not sleep");
            if let Who::Http2Connection = who {
                drop(client);
                let gone = all_gone().await;
                drop(body);
                gone
            } else {
                drop(body);
                all_gone().await
            }
        }
    }
}
