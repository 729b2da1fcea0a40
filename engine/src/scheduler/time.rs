//! What time means for a response: deadlines, grace, the sign of life, the drain.

use std::time::Duration;

use anabranch_boundaries::Error;
use tokio::time::Instant;

use super::Scheduler;
use crate::drain::Drain;
use crate::monitor::Cut;

impl Scheduler {
    /// Acts on what is due, and sets the alarm for what is next. Call before every wait.
    pub(crate) fn watch_the_clock(&mut self) {
        if self.tree.running() == 0 {
            return;
        }
        // Read anew: the alarm may have rung in the midst of this turn.
        let now = Instant::now();
        if std::mem::take(&mut self.beat_restarts) {
            self.next_beat = Some(after(now, self.settings.values().heartbeat));
        }
        while self.tree.running() > 0 {
            let deadline = self.next_deadline.min(self.response_deadline);
            let others = [self.next_beat, self.grace_end];
            let due = others.into_iter().flatten().fold(deadline, Instant::min);
            let rings_later = self.alarm.poll(due, now, &self.signal).is_pending();
            // Looked at once the alarm is set: a drain that ends after this look rings it.
            let drained = self.drain.as_ref().is_some_and(Drain::is_ended);
            if rings_later && !drained {
                break;
            }
            self.expire(now, drained);
        }
    }

    fn expire(&mut self, now: Instant, drained: bool) {
        self.grace_end = self.grace_end.filter(|end| *end > now);
        if self.next_beat.is_some_and(|beat| beat <= now) {
            self.next_beat = None;
            self.beat_is_due = true;
        }
        // The end of the response is a deadline for all.
        let overdue = now >= self.response_deadline;
        let all = overdue || drained;
        if !all && now < self.next_deadline {
            return;
        }
        if all && let Some(monitor) = &self.monitor {
            monitor.note_cut(if drained { Cut::Drain } else { Cut::Deadline });
        }
        let expired = self.tree.running_where(|deadline| all || deadline <= now);
        self.drop_jobs(expired.clone());
        for id in expired {
            // The failure of a parent takes its children along.
            if self.tree.is_running(id) {
                self.fail(id, &Error::timeout());
            }
        }
        self.sweep();
        let next = self.tree.earliest_deadline();
        self.next_deadline = next.unwrap_or(self.response_deadline);
        self.count();
    }
}

/// The time `wait` after `now`; a wait that does not end in a century is as good as a century.
pub(super) fn after(now: Instant, wait: Duration) -> Instant {
    const CENTURY: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);
    now + wait.min(CENTURY)
}
