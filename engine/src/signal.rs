//! The waker of a response: who is to drive its components.
//!
//! The server drives, by polling the body, while the client reads. When the socket is full it
//! stops polling, whatever wakes it; then a *stand-in* drives, a task that lasts until the
//! server is back. Who has to be woken depends on what the response is at:
//!
//! | the response is | a component wakes | the alarm rings |
//! |---|---|---|
//! | in a turn | noted; the end of the turn sees to it | the same |
//! | waiting: the driver got `Pending` | the driver is woken | the driver is woken; if an earlier wake is still unanswered, a stand-in is called in |
//! | offered: the server got a frame and has not come back | a stand-in is called in | the same |
//!
//! Between a frame and the next poll there is no wait in which the server could be woken, and
//! whether it is just busy or stuck cannot be told; so a stand-in is called in, and finds the
//! server back or takes over.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Wake};

use futures_util::task::AtomicWaker;

use crate::registry::PAGE;
use crate::stand_in::StandIn;

/// A turn is under way; it looks at [`WOKEN`] before it ends.
const IN_TURN: usize = 1;
/// The server was given a frame and has not asked for the next.
const OFFERED: usize = 2;
/// Something woke since the last turn began, and nobody has answered.
const WOKEN: usize = 4;
/// The flags; above them the number of the server's polls.
const FLAGS: usize = IN_TURN | OFFERED | WOKEN;
const ONE_POLL: usize = FLAGS + 1;

#[derive(Default)]
pub(crate) struct Signal {
    /// Flags, and how often the server has polled: by that number a stand-in knows whether the
    /// server has been back since it was called in. One word, because both must be read at once.
    /// Whoever drives writes it; others only add [`WOKEN`].
    state: AtomicUsize,
    driver: AtomicWaker,
    /// Components that were woken. A std mutex: it is held for a push or a swap.
    notes: Mutex<Notes>,
    /// Set when the body is made: until then nobody stops polling.
    stand_in: OnceLock<StandIn>,
}

impl Signal {
    /// The response is handed over to a server that may stop polling, or never begin.
    pub(crate) fn hand_over(&self, stand_in: StandIn) {
        // A response has one body, so this is set once.
        let _ = self.stand_in.set(stand_in);
        self.end_offering();
    }

    /// Begins a turn of the server, or of the handler before there is a body.
    pub(crate) fn begin(&self, cx: &Context<'_>) {
        self.driver.register(cx.waker());
        self.set(self.polls() + ONE_POLL, IN_TURN);
    }

    /// Notes a poll of the server that is given a frame without a turn.
    pub(crate) fn skip_turn(&self) {
        self.offer(self.polls() + ONE_POLL);
    }

    /// Begins a turn of the stand-in that was called in at `polls`. False if the server is back.
    pub(crate) fn begin_as_stand_in(&self, polls: usize, cx: &Context<'_>) -> bool {
        let away = self.polls() == polls;
        if away {
            self.driver.register(cx.waker());
            self.set(polls, IN_TURN);
        }
        away
    }

    /// Whether something woke since the turn began, or since this was last asked.
    pub(crate) fn take_woken(&self) -> bool {
        // Looked at first, because most often it was not, and a look costs less than a swap.
        self.state.load(Ordering::SeqCst) & WOKEN != 0 && self.set(self.polls(), IN_TURN)
    }

    /// Notes a poll of the server since whose last one nothing has woken, and leaves it waiting.
    /// False if something has.
    pub(crate) fn waits_without_turn(&self, cx: &Context<'_>) -> bool {
        let before = self.state.load(Ordering::SeqCst);
        if before & (IN_TURN | WOKEN) != 0 {
            return false;
        }
        // Before the last look: what wakes after that finds this waker.
        self.driver.register(cx.waker());
        let waiting = (before & !FLAGS) + ONE_POLL;
        let (success, failure) = (Ordering::SeqCst, Ordering::SeqCst);
        self.state
            .compare_exchange(before, waiting, success, failure)
            .is_ok()
    }

    /// Ends a turn that leaves the driver waiting for a wake.
    pub(crate) fn end_waiting(&self) {
        if self.set(self.polls(), 0) {
            // Unanswered still: the next poll needs a turn.
            self.state.fetch_or(WOKEN, Ordering::SeqCst);
            self.driver.wake();
        }
    }

    /// Ends a turn that gives the server a frame.
    pub(crate) fn end_offering(&self) {
        self.offer(self.polls());
    }

    /// Leaves the server with a frame.
    fn offer(&self, polls: usize) {
        if self.set(polls, OFFERED) {
            // Unanswered still: the server may be given the shell before the stand-in has run,
            // which then takes it to be back.
            self.state.fetch_or(WOKEN, Ordering::SeqCst);
            self.call_in(polls);
        }
    }

    /// Notes that a component was woken, and sees to it for the first of several.
    pub(crate) fn note(&self, id: u32) {
        let first = {
            let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
            notes.add(id);
            notes.ids.len() == 1
        };
        if first {
            let before = self.state.fetch_or(WOKEN, Ordering::SeqCst);
            if before & OFFERED != 0 {
                self.call_in(before & !FLAGS);
            } else if before & IN_TURN == 0 {
                self.driver.wake();
            }
        }
    }

    /// Adds the components that were woken since this was last called to `into`, in the order
    /// they were woken; one that was woken twice may be there twice.
    pub(crate) fn take_notes(&self, into: &mut Vec<u32>) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if into.is_empty() {
            // What was emptied is the room for what is noted next.
            std::mem::swap(&mut notes.ids, into);
        } else {
            into.append(&mut notes.ids);
        }
    }

    /// Gives `room`, which is empty, to what is noted next, if nothing is noted yet.
    pub(crate) fn give_room(&self, room: &mut Vec<u32>) {
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        if notes.ids.is_empty() {
            std::mem::swap(&mut notes.ids, room);
        }
    }

    /// The alarm has rung.
    pub(crate) fn ring(&self) {
        let before = self.state.fetch_or(WOKEN, Ordering::SeqCst);
        if before & IN_TURN != 0 {
            return;
        }
        if before & (OFFERED | WOKEN) != 0 {
            self.call_in(before & !FLAGS);
        }
        self.driver.wake();
    }

    /// Calls in a stand-in for a server that was seen to be away after `polls`.
    fn call_in(&self, polls: usize) {
        if let Some(stand_in) = self.stand_in.get() {
            stand_in.call_in(polls);
        }
    }

    /// Whether a stand-in may drive.
    pub(crate) fn has_stand_in(&self) -> bool {
        self.stand_in.get().is_some_and(StandIn::is_there)
    }

    /// Ends the stand-in, if there is one.
    pub(crate) fn dismiss_stand_in(&self) {
        if let Some(stand_in) = self.stand_in.get() {
            stand_in.dismiss();
        }
    }

    fn polls(&self) -> usize {
        self.state.load(Ordering::SeqCst) & !FLAGS
    }

    /// Sets the state. True if something had woken.
    fn set(&self, polls: usize, flags: usize) -> bool {
        self.state.swap(polls | flags, Ordering::SeqCst) & WOKEN != 0
    }
}

/// The signal as the page's own waker. Each boundary has a waker of its own.
impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.note(PAGE);
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.note(PAGE);
    }
}

/// Components that were woken.
#[derive(Default)]
struct Notes {
    ids: Vec<u32>,
}

impl Notes {
    fn add(&mut self, id: u32) {
        if self.ids.len() == self.ids.capacity() {
            self.make_room();
        }
        self.ids.push(id);
    }

    /// To look for doubles only when the room is used up is cheaper than to look with each
    /// wake, and keeps one that is woken again and again from growing the list.
    #[cold]
    fn make_room(&mut self) {
        if let Some(highest) = self.ids.iter().max() {
            let mut seen = vec![false; *highest as usize + 1];
            self.ids
                .retain(|id| !std::mem::replace(&mut seen[*id as usize], true));
        }
        self.ids.reserve(self.ids.len().max(8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_that_is_woken_again_and_again_takes_little_room() {
        let signal = Signal::default();
        for _ in 0..10_000 {
            signal.note(7);
        }
        signal.note(3);
        let mut woken = Vec::new();
        signal.take_notes(&mut woken);
        assert!(woken.len() < 32, "{}", woken.len());
        assert_eq!((woken.first(), woken.last()), (Some(&7), Some(&3)));
    }
}
