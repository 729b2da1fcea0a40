//! When each boundary of a workload resolves.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use tokio::{task::yield_now, time::sleep};

/// Sibling boundaries on w3, w6, w7 and w8.
pub const SIBLINGS: usize = 10;

/// Levels of w4.
pub const LEVELS: usize = 4;

/// Paragraphs, each a boundary, on w5.
pub const PARAGRAPHS: usize = 1_000;

/// The most yields a paragraph of w5 takes.
pub const WAVES: usize = 7;

/// How long each boundary of w7 takes, in milliseconds.
pub const STAGGERED: [u64; SIBLINGS] = [50, 20, 80, 10, 120, 35, 65, 95, 5, 150];

/// How many yields paragraph `i` of w5 takes.
#[must_use]
pub const fn yields_of(i: usize) -> usize {
    1 + i % WAVES
}

/// Gives way to the runtime `count` times.
pub async fn yields(count: usize) {
    for _ in 0..count {
        yield_now().await;
    }
}

/// How long boundary `i` of w6 takes: long enough to park thousands of streams.
#[must_use]
pub const fn parked_for(i: usize) -> Duration {
    Duration::from_millis(25_000 + 400 * i as u64)
}

/// The wait of boundary `i` on w6.
pub async fn parked(i: usize) {
    sleep(parked_for(i)).await;
}

/// The wait of boundary `i` on w7; returns the time at which it ended.
pub async fn staggered(i: usize) -> u64 {
    sleep(Duration::from_millis(STAGGERED[i])).await;
    monotonic_nanos()
}

/// The wait of every boundary on w8.
pub async fn tick() {
    sleep(Duration::from_millis(5)).await;
}

/// `CLOCK_MONOTONIC` in nanoseconds, which all processes of a machine share.
#[must_use]
pub fn monotonic_nanos() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let part = |value: i64| u64::try_from(value).unwrap_or_default();
    part(now.tv_sec) * 1_000_000_000 + part(now.tv_nsec)
}
