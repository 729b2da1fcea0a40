//! The components that are running, and which of them to poll.
//!
//! Each has a waker of its own, which notes its number with the response's [`Signal`]; a turn
//! polls what was noted and nothing else. This is what a `FuturesUnordered` does, with the
//! components in one block of memory, where each can be dropped by its number; a page of a
//! thousand boundaries takes a tenth fewer instructions.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use anabranch_boundaries::Result;

use crate::job::Job;
use crate::signal::{Ids, Signal};

/// The running components of one response.
pub(crate) struct Jobs {
    /// By component number. `None` where it has not been started, or is complete or dropped.
    slots: Vec<Option<Slot>>,
    /// What the next round polls: components that have never been polled, then those noted.
    round: Ids,
    signal: Arc<Signal>,
}

struct Slot {
    job: Job,
    /// What the component completed with, until the round is over.
    outcome: Option<Result>,
    /// Notes that the component was woken.
    waker: Waker,
}

/// A component's waker: notes its number.
struct Note {
    id: u32,
    signal: Arc<Signal>,
}

impl Jobs {
    pub(crate) fn new(signal: Arc<Signal>) -> Self {
        Self {
            slots: Vec::new(),
            round: Ids::new(),
            signal,
        }
    }

    /// Makes room for this many more components.
    pub(crate) fn reserve(&mut self, more: usize) {
        self.slots.reserve(more);
        self.round.reserve(more);
    }

    /// Starts a component: the next round polls it for the first time.
    pub(crate) fn start(&mut self, job: Job) {
        let id = job.id();
        let signal = self.signal.clone();
        let slot = Slot {
            job,
            outcome: None,
            waker: Waker::from(Arc::new(Note { id, signal })),
        };
        let at = id as usize;
        if self.slots.len() <= at {
            self.slots.resize_with(at + 1, || None);
        }
        self.slots[at] = Some(slot);
        self.round.push(id);
    }

    /// Drops a component, if it is running.
    pub(crate) fn drop_job(&mut self, id: u32) {
        if let Some(slot) = self.slots.get_mut(id as usize) {
            drop_quietly(slot.take());
        }
    }

    /// Polls every component that was woken or is new, once. Returns which.
    pub(crate) fn poll_round(&mut self) -> Ids {
        let mut round = std::mem::take(&mut self.round);
        self.signal.take_notes(&mut round);
        for id in &round {
            let Some(Some(slot)) = self.slots.get_mut(*id as usize) else {
                continue;
            };
            if slot.outcome.is_some() {
                continue;
            }
            // It was taken from the notes before its poll, so a wake in its midst is noted anew.
            let polled = slot.job.poll(&mut Context::from_waker(&slot.waker));
            if let Poll::Ready(outcome) = polled {
                slot.outcome = Some(outcome);
            }
        }
        round
    }

    /// Keeps the room of a round that is over for the next one.
    pub(crate) fn reuse(&mut self, mut round: Ids) {
        if self.round.is_empty() {
            round.clear();
            self.round = round;
        }
    }

    /// The outcome of a component that has completed, which is then gone.
    pub(crate) fn take_outcome(&mut self, id: u32) -> Option<Result> {
        let running = self.slots.get_mut(id as usize)?;
        let outcome = running.as_mut()?.outcome.take()?;
        drop_quietly(running.take());
        Some(outcome)
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        for slot in self.slots.drain(..).flatten() {
            drop_quietly(slot);
        }
    }
}

impl Wake for Note {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.signal.note(self.id);
    }
}

/// Drops a component, whose destructors may panic.
pub(crate) fn drop_quietly<T>(component: T) {
    if let Err(payload) = catch_unwind(AssertUnwindSafe(|| drop(component))) {
        tracing::error!("a component panicked while it was dropped");
        // Whose own destructor may panic too.
        std::mem::forget(payload);
    }
}
