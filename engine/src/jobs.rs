//! The components that are running, and which of them to poll.
//!
//! Each has a waker of its own, which notes its number with the response's [`Signal`]; a turn
//! polls what was noted and nothing else. This is what a `FuturesUnordered` does, with the
//! components in one block of memory, where each can be dropped by its number; a page of a
//! thousand boundaries takes a tenth fewer instructions.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use anabranch_boundaries::{Result, panic};
use smallvec::SmallVec;

use crate::job::Job;
use crate::signal::Signal;

/// Most pages have no more components than this.
pub(crate) const FEW: usize = 4;

/// The running components of one response.
pub(crate) struct Jobs {
    /// By component number. `None` where it has not been started, or is complete or dropped.
    slots: Vec<Option<Slot>>,
    /// What the next round polls: components that have never been polled, then those noted.
    round: Vec<u32>,
    /// Number of the last round.
    rounds: u32,
    signal: Arc<Signal>,
}

/// Components that completed, and what with. Often it is one at a time.
pub(crate) type Done = SmallVec<[(u32, Result); 1]>;

struct Slot {
    job: Job,
    /// Number of the round that polled it last: one that was woken twice is polled once.
    polled_in: u32,
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
            slots: Vec::with_capacity(FEW),
            round: Vec::new(),
            rounds: 0,
            signal,
        }
    }

    /// Makes room for this many more components, behind the `known` that there have been.
    pub(crate) fn reserve(&mut self, known: usize, more: usize) {
        // A page that is complete has left no slot, though it has a number.
        self.slots
            .reserve(known + more - self.slots.len().min(known));
        self.round.reserve(more);
    }

    /// Starts a component: the next round polls it for the first time.
    pub(crate) fn start(&mut self, job: Job) {
        let id = job.id();
        let signal = self.signal.clone();
        self.keep(job, Waker::from(Arc::new(Note { id, signal })));
        self.round.push(id);
    }

    /// Keeps a component that has been polled with `waker`.
    pub(crate) fn keep(&mut self, job: Job, waker: Waker) {
        let at = job.id() as usize;
        if self.slots.len() <= at {
            self.slots.resize_with(at + 1, || None);
        }
        self.slots[at] = Some(Slot {
            job,
            polled_in: self.rounds,
            waker,
        });
    }

    /// Whether there are components that have never been polled.
    pub(crate) fn has_new(&self) -> bool {
        !self.round.is_empty()
    }

    /// Drops a component, if it is running.
    pub(crate) fn drop_job(&mut self, id: u32) {
        if let Some(slot) = self.slots.get_mut(id as usize) {
            drop_quietly(slot.take());
        }
    }

    /// Polls every component that was woken or is new, once. Adds those that completed to
    /// `done`; they stay until they are dropped by their numbers.
    pub(crate) fn poll_round(&mut self, done: &mut Done) {
        self.signal.take_notes(&mut self.round);
        self.rounds = self.rounds.wrapping_add(1);
        for id in self.round.drain(..) {
            let Some(Some(slot)) = self.slots.get_mut(id as usize) else {
                continue;
            };
            if slot.polled_in == self.rounds {
                continue;
            }
            slot.polled_in = self.rounds;
            // It was taken from the notes before its poll, so a wake in its midst is noted anew.
            let polled = slot.job.poll(&mut Context::from_waker(&slot.waker));
            if let Poll::Ready(outcome) = polled {
                done.push((id, outcome));
            }
        }
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
    if let Err(panic) = panic::catch(|| drop(component)) {
        let (id, cause) = (panic.id(), panic.chain());
        tracing::error!(error.id = %id, cause, "a component panicked while it was dropped");
    }
}
