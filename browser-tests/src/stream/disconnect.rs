//! A reader that leaves: at every point at which one can, one after the other.

use std::fmt;
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use anabranch_engine::{Settings, Visit, render};
use axum::body::Body;
use http_body_util::BodyExt;
use tokio::runtime::Handle;
use tokio::task::yield_now;

use super::StreamRequest;
use super::record::Record;

/// A visit that was broken off, for the check after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disconnect {
    /// How often the response was polled, from 1 on.
    pub polls: usize,
    /// How many frames the reader had received.
    pub frames: usize,
    /// Whether the app had answered: the page was past its commit point.
    pub committed: bool,
    /// Whether the reader had received everything: the last of all visits.
    pub finished: bool,
}

/// Asks for a page again and again, each time leaving one step later: after the first poll of the
/// response, after the second, after each frame, until a visit comes to its end. Returns how
/// many visits there were.
///
/// After each it asserts that nothing of the page is left, neither a component nor a task, and
/// calls `check`, which may look at what the app itself counts: connections lent, guards dropped.
///
/// Boundaries begin one after the other, one at each step, so that a page has steps between its
/// boundaries even where its data is ready at once. `ask` makes the app anew for each visit if one
/// visit changes what the next finds.
///
/// Work on threads of its own, as of `spawn_blocking`, cannot be dropped, and is not looked for.
///
/// ```
/// # use anabranch::prelude::*;
/// # fn app() -> axum::Router { axum::Router::new().route("/", axum::routing::get(page(home))) }
/// # async fn home() -> Result {
/// #     let part = async { tokio::time::sleep(secs(3)).await; Ok(html! { p { "Done" } }) };
/// #     Ok(html! { (boundary(part)) })
/// # }
/// use anabranch_paint::stream::{StreamTest, disconnect_at_every_await};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
/// let visits = disconnect_at_every_await(|| StreamTest::get(app(), "/"), |_| {
///     // assert_eq!(pool.lent(), 0);
/// })
/// .await;
/// assert!(visits > 3);
/// # }
/// ```
///
/// # Panics
/// When something is left, or the app fails.
pub async fn disconnect_at_every_await(
    mut ask: impl FnMut() -> StreamRequest,
    mut check: impl FnMut(&Disconnect),
) -> usize {
    // The engine's clock is a task that outlives its last page by half a second. An open page
    // keeps it, so that there are as many tasks before a visit as after it.
    let mut other = pin!(render(nobody(), pending()));
    poll_fn(|cx| {
        assert!(other.as_mut().poll(cx).is_pending(), "its page is pending");
        Poll::Ready(())
    })
    .await;
    for polls in 1.. {
        let tasks = settled_tasks().await;
        let record = Arc::<Record>::default();
        let mut progress = Disconnect {
            polls,
            frames: 0,
            committed: false,
            finished: false,
        };
        let visit = visit(ask(), &record, &mut progress);
        leave_after(polls, visit, || release_one(&record)).await;
        assert_nothing_is_left(&progress, record, tasks).await;
        check(&progress);
        if progress.finished {
            return polls;
        }
    }
    unreachable!("a visit ends before the numbers do")
}

/// Reads a page to its end, with a step after each frame.
async fn visit(ask: StreamRequest, record: &Arc<Record>, progress: &mut Disconnect) {
    let mut body: Body = match ask.send(record).await {
        Ok(response) => response.into_body(),
        Err(error) => panic!("{ask} failed: {error}\n  at {}", ask.call_site()),
    };
    progress.committed = true;
    yield_now().await;
    while let Some(frame) = body.frame().await {
        if let Err(error) = frame {
            panic!("{ask} was cut: {error}\n  at {}", ask.call_site());
        }
        progress.frames += 1;
        yield_now().await;
    }
    progress.finished = true;
}

/// Polls a visit so often, whenever it wakes, and drops it.
async fn leave_after(polls: usize, visit: impl Future<Output = ()>, mut at_rest: impl FnMut()) {
    let mut visit = pin!(visit);
    let mut left = polls;
    poll_fn(move |cx: &mut Context<'_>| {
        left -= 1;
        match Pin::as_mut(&mut visit).poll(cx) {
            Poll::Pending if left > 0 => {
                at_rest();
                Poll::Pending
            }
            _ => Poll::Ready(()),
        }
    })
    .await;
}

fn release_one(record: &Record) {
    if let Some(id) = record.holds.held().first() {
        record.holds.release_id(*id);
    }
}

/// How long a task may take to find that it was aborted.
const TURNS: usize = 100;

async fn settled_tasks() -> usize {
    for _ in 0..TURNS {
        yield_now().await;
    }
    Handle::current().metrics().num_alive_tasks()
}

async fn assert_nothing_is_left(progress: &Disconnect, record: Arc<Record>, tasks: usize) {
    let now = settled_tasks().await;
    let what = if now > tasks {
        format!("{} task(s) run on", now - tasks)
    } else if Arc::strong_count(&record) > 1 {
        "a part of the page was not dropped".to_owned()
    } else {
        return;
    };
    let boundaries: Vec<_> = record
        .all()
        .iter()
        .map(|known| format!("- {known}"))
        .collect();
    panic!(
        "{what} when the reader leaves {progress}\n{}",
        boundaries.join("\n")
    );
}

/// A visit to a page that never ends.
fn nobody() -> Visit {
    const LONG: Duration = Duration::from_secs(1 << 31);
    Visit::new(Settings::new().deadline(LONG).response_deadline(LONG))
}

impl fmt::Display for Disconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self { finished: true, .. } => f.write_str("at the end")?,
            Self {
                committed: false, ..
            } => f.write_str("before the commit point")?,
            Self { frames, .. } => write!(f, "after frame {frames}")?,
        }
        write!(f, ", at poll {}", self.polls)
    }
}
