//! The waker of a response: who is to drive its components.
//!
//! Components wake the signal, and the signal wakes whoever drives: the server, which polls the
//! body while the client reads. When the socket is full the server stops polling, whatever wakes
//! it. So a wake that comes while the server holds a frame of ours, or that finds an earlier
//! wake unanswered, calls in a *stand-in*: a task that drives until the server is back.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Wake, Waker};

use futures_util::task::AtomicWaker;
use smallvec::SmallVec;

use crate::body::StandIn;

/// A turn is under way; it looks at [`WOKEN`] before it ends.
const IN_TURN: u8 = 1;
/// The server was given a frame and has not asked for the next.
const OFFERED: u8 = 2;
/// Something woke since the last turn began.
const WOKEN: u8 = 4;

/// Numbers of components. Most turns have few.
pub(crate) type Ids = SmallVec<[u32; 4]>;

/// Components that were woken, each once.
#[derive(Default)]
struct Notes {
    ids: Ids,
    /// One bit for each component: whether it is in `ids`.
    known: SmallVec<[u64; 1]>,
}

impl Notes {
    /// False if it is known already.
    fn add(&mut self, id: u32) -> bool {
        let (word, bit) = Self::place(id);
        if self.known.len() <= word {
            self.known.resize(word + 1, 0);
        }
        let new = self.known[word] & bit == 0;
        if new {
            self.known[word] |= bit;
            self.ids.push(id);
        }
        new
    }

    fn take(&mut self, into: &mut Ids) {
        for id in &self.ids {
            let (word, bit) = Self::place(*id);
            self.known[word] &= !bit;
        }
        if into.is_empty() {
            // What was emptied is the room for what is noted next.
            std::mem::swap(&mut self.ids, into);
        } else {
            into.append(&mut self.ids);
        }
    }

    fn place(id: u32) -> (usize, u64) {
        (id as usize / 64, 1 << (id % 64))
    }
}

#[derive(Default)]
pub(crate) struct Signal {
    state: AtomicU8,
    driver: AtomicWaker,
    /// Components that were woken. A std mutex: it is held for a push or a swap.
    notes: Mutex<Notes>,
    /// Set when the body is made: until then nobody stops polling.
    stand_in: OnceLock<StandIn>,
}

impl Signal {
    /// From now on there is a server that may stop polling.
    pub(crate) fn set_stand_in(&self, stand_in: StandIn) {
        // A response has one body, so this is set once.
        let _ = self.stand_in.set(stand_in);
    }

    /// Notes that a component was woken, and wakes the driver for the first of several.
    pub(crate) fn note(&self, id: u32) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        let first = notes.ids.is_empty();
        let added = notes.add(id);
        drop(notes);
        if first && added {
            self.wake_driver();
        }
    }

    /// Adds the components that were woken since this was last called to `into`.
    pub(crate) fn take_notes(&self, into: &mut Ids) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        notes.take(into);
    }

    /// Begins a turn: the task of `cx` drives.
    pub(crate) fn begin(&self, cx: &Context<'_>) {
        self.driver.register(cx.waker());
        self.state.store(IN_TURN, Ordering::SeqCst);
    }

    /// Whether something woke since the turn began, or since this was last asked.
    pub(crate) fn take_woken(&self) -> bool {
        self.state.swap(IN_TURN, Ordering::SeqCst) & WOKEN != 0
    }

    /// Ends a turn that leaves the driver waiting for a wake.
    pub(crate) fn end_waiting(&self) {
        if self.state.swap(0, Ordering::SeqCst) & WOKEN != 0 {
            self.driver.wake();
        }
    }

    /// Ends a turn that gives the server a frame.
    pub(crate) fn end_offering(&self) {
        if self.state.swap(OFFERED, Ordering::SeqCst) & WOKEN != 0 {
            self.wake_driver();
        }
    }

    fn wake_driver(&self) {
        let before = self.state.fetch_or(WOKEN, Ordering::SeqCst);
        if before & IN_TURN != 0 {
            return;
        }
        if before & (OFFERED | WOKEN) != 0
            && let Some(stand_in) = self.stand_in.get()
        {
            stand_in.call_in();
        }
        self.driver.wake();
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.wake_driver();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wake_driver();
    }
}

/// The waker that components and the timer are polled with.
pub(crate) fn waker(signal: &Arc<Signal>) -> Waker {
    Waker::from(signal.clone())
}
