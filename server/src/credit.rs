//! How long a client may keep a response waiting.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// When a client that keeps data waiting is given up: noted by the task that waits, and looked at
/// by the [`Switchboard`](crate::switchboard).
#[derive(Debug)]
pub(crate) struct Stall(AtomicU64);

impl Stall {
    /// Nothing to be late for.
    const NEVER: u64 = u64::MAX;

    pub(crate) fn clear(&self) {
        self.0.store(Self::NEVER, Relaxed);
    }

    pub(crate) fn is_past(&self, now: u64) -> bool {
        now >= self.0.load(Relaxed)
    }
}

impl Default for Stall {
    fn default() -> Self {
        Self(AtomicU64::new(Self::NEVER))
    }
}

/// Time that a client has left for not reading.
///
/// It pays while data waits for it, and regains by reading at the minimum rate; so one that stops
/// is given up after the stall timeout, and one that reads too slowly soon after.
#[derive(Debug)]
pub(crate) struct Credit {
    /// Milliseconds.
    left: u64,
    most: u64,
    /// Bytes per second.
    rate: u64,
    /// Since when data has waited.
    waits_since: Option<u64>,
    /// Bytes that were taken and not credited yet, less than a millisecond's worth.
    change: u64,
}

impl Credit {
    pub(crate) fn new(most: Duration, rate: u64) -> Self {
        let most = u64::try_from(most.as_millis()).unwrap_or(u64::MAX);
        Self {
            left: most,
            most,
            rate: rate.max(1),
            waits_since: None,
            change: 0,
        }
    }

    /// Data waits for the client; `stall` notes until when it may.
    pub(crate) fn offered(&mut self, now: u64, stall: &Stall) {
        if let Some(at) = self.wait(now) {
            stall.0.store(at, Relaxed);
        }
    }

    /// The client took `bytes` of what waited, so `stall` has nothing to note.
    pub(crate) fn taken(&mut self, bytes: usize, now: u64, stall: &Stall) {
        if self.is_waiting() {
            self.resume(now);
            stall.clear();
        }
        self.earn(bytes);
    }

    /// Data waits. Returns when the credit is spent, the first time.
    pub(crate) fn wait(&mut self, now: u64) -> Option<u64> {
        if self.waits_since.is_some() {
            return None;
        }
        self.waits_since = Some(now);
        Some(now.saturating_add(self.left))
    }

    pub(crate) fn is_waiting(&self) -> bool {
        self.waits_since.is_some()
    }

    /// The client takes data again.
    pub(crate) fn resume(&mut self, now: u64) {
        if let Some(since) = self.waits_since.take() {
            self.left = self.left.saturating_sub(now.saturating_sub(since));
        }
    }

    /// The client took `bytes`.
    pub(crate) fn earn(&mut self, bytes: usize) {
        // A client in good standing needs no reckoning.
        if self.left == self.most {
            return;
        }
        let bytes = (bytes as u64)
            .saturating_mul(1000)
            .saturating_add(self.change);
        self.change = bytes % self.rate;
        self.left = self.left.saturating_add(bytes / self.rate).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1000;

    fn credit() -> Credit {
        Credit::new(Duration::from_secs(30), 1000)
    }

    #[test]
    fn who_stops_reading_is_given_up_after_the_stall_timeout() {
        let mut credit = credit();
        assert_eq!(credit.wait(5), Some(5 + 30 * SECOND));
        assert_eq!(credit.wait(7), None, "the first wait counts");
    }

    #[test]
    fn who_reads_below_the_minimum_rate_runs_out_of_credit() {
        let mut credit = credit();
        let mut now = 0;
        for _ in 0..25 {
            credit.wait(now);
            now += 2 * SECOND;
            credit.resume(now);
            credit.earn(1000);
        }
        assert_eq!(credit.wait(now), Some(now + 5 * SECOND));
    }

    #[test]
    fn who_reads_at_the_minimum_rate_may_go_on_for_ever() {
        let mut credit = credit();
        let mut now = 0;
        for _ in 0..1000 {
            let end = credit.wait(now).unwrap();
            assert!(end > now + 20 * SECOND);
            now += 3 * SECOND;
            credit.resume(now);
            credit.earn(3000);
        }
    }

    #[test]
    fn single_bytes_add_up() {
        let mut credit = credit();
        credit.wait(0);
        credit.resume(10 * SECOND);
        for _ in 0..5000 {
            credit.earn(1);
        }
        assert_eq!(credit.wait(0), Some(25 * SECOND));
    }
}
