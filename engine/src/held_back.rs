//! Components that are registered and not started: a client that does not read holds back new
//! work.
//!
//! Which of them are still wanted, the caller knows. Those that are not are dropped together: as
//! many may be held back as a response may have, and as many may fail.

use std::collections::VecDeque;

use crate::job::Job;
use crate::jobs::drop_quietly;

/// The components that are held back, in the order they were rendered.
#[derive(Default)]
pub(crate) struct HeldBack {
    jobs: VecDeque<Job>,
    /// Whether some of them may not be wanted any more.
    stale: bool,
}

impl HeldBack {
    pub(crate) fn is_empty(&self) -> bool {
        self.jobs.is_empty()
    }

    /// Holds back one that was rendered after those that are here.
    #[cold]
    pub(crate) fn push(&mut self, job: Job) {
        self.jobs.push_back(job);
    }

    /// Holds back `new`, which were rendered before those that are here.
    pub(crate) fn put_back(&mut self, new: impl DoubleEndedIterator<Item = Job>) {
        new.rev().for_each(|job| self.jobs.push_front(job));
    }

    /// The first that is wanted. Drops those before it.
    pub(crate) fn release(&mut self, is_wanted: impl Fn(u32) -> bool) -> Option<Job> {
        while let Some(job) = self.jobs.pop_front() {
            if is_wanted(job.id()) {
                return Some(job);
            }
            drop_quietly(job);
        }
        None
    }

    /// Notes that components are not wanted any more, which may be held back.
    pub(crate) fn note_unwanted(&mut self) {
        self.stale = !self.jobs.is_empty();
    }

    /// Drops those that are not wanted, if any were noted.
    pub(crate) fn sweep(&mut self, is_wanted: impl Fn(u32) -> bool) {
        if self.stale {
            self.drop_unwanted(is_wanted);
        }
    }

    #[cold]
    fn drop_unwanted(&mut self, is_wanted: impl Fn(u32) -> bool) {
        self.stale = false;
        let jobs = std::mem::take(&mut self.jobs).into_iter();
        let (wanted, unwanted): (VecDeque<_>, _) = jobs.partition(|job| is_wanted(job.id()));
        self.jobs = wanted;
        unwanted.into_iter().for_each(drop_quietly);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::panic::Location;

    use anabranch_boundaries::Registration;
    use tracing::Span;

    use super::*;

    fn held_back(ids: std::ops::Range<u32>) -> HeldBack {
        let mut held_back = HeldBack::default();
        held_back.put_back(ids.map(|id| {
            let future = Registration::new(std::future::pending(), Location::caller());
            Job::new(id, Box::pin(future), Span::none())
        }));
        held_back
    }

    fn rest(mut held_back: HeldBack) -> Vec<u32> {
        let all = std::iter::from_fn(|| held_back.release(|_| true));
        all.map(|job| job.id()).collect()
    }

    #[test]
    fn they_are_released_in_order_and_those_that_are_not_wanted_are_dropped() {
        let mut jobs = held_back(10..20);
        jobs.put_back(held_back(5..10).jobs.into_iter());
        assert_eq!(jobs.release(|id| id > 6).unwrap().id(), 7);
        jobs.note_unwanted();
        jobs.sweep(|id| id % 2 == 0);
        assert_eq!(rest(jobs), [8, 10, 12, 14, 16, 18]);
    }

    #[test]
    fn many_ends_are_one_look_at_each() {
        let mut jobs = held_back(0..100);
        let looks = Cell::new(0);
        let is_wanted = |_| {
            looks.set(looks.get() + 1);
            true
        };
        jobs.sweep(is_wanted);
        assert_eq!(looks.get(), 0);
        for _ in 0..1000 {
            jobs.note_unwanted();
        }
        jobs.sweep(is_wanted);
        jobs.sweep(is_wanted);
        assert_eq!(looks.get(), 100);
        assert_eq!(rest(jobs).len(), 100);
    }
}
