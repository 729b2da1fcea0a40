//! Runs rows one after the other.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use indicatif::{ProgressBar, ProgressStyle};

use crate::row::failed;
use crate::{Form, Outcome, Row, Tried};

/// A row that was run.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Which.
    pub row: &'static Row,
    /// What it found.
    pub outcome: Outcome,
    /// How long it took.
    pub took: Duration,
}

/// Runs `rows`, shows which one is running, and tells `report` of each when it has ended.
///
/// # Errors
/// If no runtime can be made, or `report` fails.
pub fn all(
    rows: &[&'static Row],
    form: Form,
    mut report: impl FnMut(&Ran) -> Tried,
) -> Tried<Vec<Ran>> {
    let bar = ProgressBar::new(rows.len() as u64);
    let style = "{wide_bar} {pos}/{len} {elapsed} {msg}";
    bar.set_style(ProgressStyle::with_template(style).map_err(failed)?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let mut ran = Vec::new();
    for row in rows {
        bar.set_message(format!("{}: {}", row.id, row.what));
        let started = Instant::now();
        let outcome = one(row, form)?;
        if let Err(failure) = &outcome {
            bar.println(format!("{} failed: {failure}", row.id));
        }
        let took = started.elapsed();
        let row = Ran { row, outcome, took };
        // Not through the bar, because where nobody watches a terminal it prints nothing.
        bar.suspend(|| report(&row))?;
        ran.push(row);
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(ran)
}

/// Runs one row on a runtime of its own.
///
/// # Errors
/// If no runtime can be made.
pub fn one(row: &Row, form: Form) -> Tried<Outcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(failed)?;
    let outcome = runtime.block_on(caught((row.run)(form)));
    // A row may leave a thread blocked on purpose.
    runtime.shutdown_background();
    Ok(outcome)
}

async fn caught(row: impl Future<Output = Outcome>) -> Outcome {
    let caught = AssertUnwindSafe(row).catch_unwind().await;
    caught.unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<String>().cloned();
        let text = text.or_else(|| payload.downcast_ref::<&str>().map(|text| (*text).into()));
        Err(format!("panicked: {}", text.unwrap_or_default()))
    })
}
