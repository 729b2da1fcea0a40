//! The components that are running, and which of them to poll.
//!
//! Each has a waker of its own, which notes its number with the response's [`Signal`]; a turn
//! polls what was noted and nothing else. This is what a `FuturesUnordered` does, with the
//! components in one block of memory, where each can be dropped by its number; a page of a
//! thousand boundaries takes a tenth fewer instructions.

use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use anabranch_boundaries::{Result, panic};

use crate::job::Job;
use crate::signal::Signal;

/// Most pages have no more components than this.
pub(crate) const FEW: usize = 6;

/// The running components of one response.
pub(crate) struct Jobs {
    /// By component number. `None` where it has not been started, or is complete or dropped.
    slots: Vec<Option<Slot>>,
    /// What the round polls: components that were noted when it began, and new ones.
    round: Vec<u32>,
    /// How many of them it has been through.
    through: usize,
    /// How many of them it began with. Behind them are those that are new.
    woken: usize,
    /// Number of the round.
    rounds: u32,
    signal: Arc<Signal>,
}

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
    /// No components yet, with room for so many.
    pub(crate) fn new(signal: Arc<Signal>, room: usize) -> Self {
        Self {
            slots: Vec::with_capacity(room),
            round: Vec::new(),
            through: 0,
            woken: 0,
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

    /// Gives the room of a round that is through to the notes of who is woken next.
    pub(crate) fn give_room(&mut self) {
        if self.left_in_round() == 0 {
            self.round.clear();
            self.through = 0;
            self.signal.give_room(&mut self.round);
        }
    }

    /// Starts a component: the round polls it for the first time.
    pub(crate) fn start(&mut self, job: Job) {
        let id = job.id();
        let signal = self.signal.clone();
        self.keep(job, Waker::from(Arc::new(Note { id, signal })));
        self.round.push(id);
    }

    /// Keeps a component that has been polled with `waker`.
    pub(crate) fn keep(&mut self, job: Job, waker: Waker) {
        let at = job.id() as usize;
        let slot = Some(Slot {
            job,
            polled_in: self.rounds.wrapping_sub(1),
            waker,
        });
        if self.slots.len() < at {
            // Those that have no slot are complete, or held back.
            self.slots.resize_with(at, || None);
        }
        if self.slots.len() == at {
            self.slots.push(slot);
        } else {
            self.slots[at] = slot;
        }
    }

    /// How many components the round has still to poll.
    pub(crate) fn left_in_round(&self) -> usize {
        self.round.len() - self.through
    }

    /// Drops a component, if it is running.
    pub(crate) fn drop_job(&mut self, id: u32) {
        if let Some(slot) = self.slots.get_mut(id as usize) {
            drop_quietly(slot.take());
        }
    }

    /// Adds the components that were woken to a round of those that are new. False if there are
    /// none of either.
    pub(crate) fn begin_round(&mut self) -> bool {
        self.round.drain(..self.through);
        self.through = 0;
        self.signal.take_notes(&mut self.round);
        self.woken = self.round.len();
        self.rounds = self.rounds.wrapping_add(1);
        !self.round.is_empty()
    }

    /// Takes back the components that the round has still to poll for the first time, in order.
    pub(crate) fn take_new(&mut self) -> impl DoubleEndedIterator<Item = Job> {
        let Self { round, slots, .. } = self;
        let new = round.drain(self.through.max(self.woken)..);
        new.filter_map(|id| Some(slots.get_mut(id as usize)?.take()?.job))
    }

    /// Goes on with the round, which polls each of its components once, up to one that completes.
    /// That one stays until it is dropped by its number. `None` when the round is through.
    pub(crate) fn poll_next(&mut self) -> Option<(u32, Result)> {
        while let Some(&id) = self.round.get(self.through) {
            self.through += 1;
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
                return Some((id, outcome));
            }
        }
        None
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
