//! B4: an endless body is pulled only as far as its reader takes it, and a reader that takes
//! almost nothing is disconnected.

use std::convert::Infallible;
use std::time::Duration;

use anabranch::prelude::{millis, secs};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::routing::get;
use futures_util::stream;
use tokio::task::JoinSet;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::process::kib;
use crate::wait::until;
use crate::{Form, Outcome, Tried, check};

const READERS: u64 = 100;

/// What the process may hold for each of them, its connection included.
const BUFFER: u64 = 128 << 10;

const CHUNK: usize = 16 << 10;

/// How much later than its limit the server may notice.
const SLACK: Duration = Duration::from_secs(5);

pub(super) fn app(control: Control) -> Router {
    Router::new().route("/", get(endless)).with_state(control)
}

async fn endless(State(control): State<Control>) -> Body {
    let alive = control.alive("bodies");
    let made = control.counter("made");
    Body::from_stream(stream::repeat_with(move || {
        let _ = &alive;
        made.add(1);
        // A new one each time, so that what is held shows in the memory.
        Ok::<_, Infallible>(Bytes::from(vec![b'x'; CHUNK]))
    }))
}

pub(super) async fn run(form: Form) -> Outcome {
    let stall = form.pick(secs(2), secs(30));
    let limits = Limits {
        stall: Some(stall),
        ..Limits::default()
    };
    let child = Child::start("readers", &limits)?;
    let baseline = (child.count("tasks")?, child.files()?);
    let before = child.resident()?;
    let mut readers = JoinSet::new();
    for _ in 0..READERS {
        let mut client = Client::small(child.address).await?;
        client.get("/").await?;
        client.head().await?;
        readers.spawn(async move {
            while client.trickle().await? {
                tokio::time::sleep(form.pick(millis(200), secs(1))).await;
            }
            Tried::Ok(())
        });
    }
    let made = standstill(&child).await?;
    let held = child.resident()?.saturating_sub(before) / READERS;
    let ended = until(stall + SLACK, "the end of all bodies", || {
        Ok(child.count("bodies")? == 0)
    });
    let ended = ended.await?;
    until(SLACK, "tasks and files back at the baseline", || {
        Ok(child.count("tasks")? <= baseline.0 && child.files()? <= baseline.1)
    })
    .await?;
    let more = child.count("made")? - made;
    check!(held <= BUFFER, "{} held for each reader", kib(held));
    // As much as the readers have taken meanwhile, and a frame.
    check!(
        more <= READERS as i64 * 2,
        "{more} chunks made for readers that take none"
    );
    Ok(format!(
        "{} in user space for each; {} made, then {more} chunks; closed after {:.1} s with a limit of {stall:?}",
        kib(held),
        kib(made as u64 * CHUNK as u64),
        ended.as_secs_f64()
    ))
}

/// Waits until no more is made, and returns how many chunks were.
async fn standstill(child: &Child) -> Tried<i64> {
    const LOOKS: usize = 10;
    let (mut made, mut same) = (0, 0);
    until(secs(20), "the bodies stand still", || {
        let now = child.count("made")?;
        same = if now == made { same + 1 } else { 0 };
        made = now;
        Ok(same == LOOKS)
    })
    .await?;
    Ok(made)
}
