//! A value that one part of a page waits for and another one makes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Place for a value, with one who fills it and one who takes it.
pub(super) struct Slot<T>(Arc<Mutex<State<T>>>);

/// A std mutex around it: nothing is awaited while it is held.
enum State<T> {
    Empty(Option<Waker>),
    Full(T),
    /// There is nothing to wait for any more.
    Over,
}

impl<T> Slot<T> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State::Empty(None))))
    }

    /// Puts the value in. The one who waits is woken, unless it is the task that does this.
    pub(super) fn fill(&self, value: T, cx: &Context<'_>) {
        let before = std::mem::replace(&mut *self.state(), State::Full(value));
        if let State::Empty(Some(waker)) = before
            && !waker.will_wake(cx.waker())
        {
            waker.wake();
        }
    }

    /// Takes the value out, once. `None` if it was taken or will not come.
    pub(super) fn poll_take(&self, cx: &Context<'_>) -> Poll<Option<T>> {
        let mut state = self.state();
        match &mut *state {
            State::Empty(waiting) => {
                *waiting = Some(cx.waker().clone());
                Poll::Pending
            }
            State::Full(_) | State::Over => match std::mem::replace(&mut *state, State::Over) {
                State::Full(value) => Poll::Ready(Some(value)),
                _ => Poll::Ready(None),
            },
        }
    }

    /// Ends the wait. True if the value was taken before.
    pub(super) fn close(&self) -> bool {
        let before = std::mem::replace(&mut *self.state(), State::Over);
        match before {
            State::Empty(Some(waker)) => {
                waker.wake();
                false
            }
            State::Over => true,
            State::Empty(None) | State::Full(_) => false,
        }
    }

    /// Ends the wait if there is nothing yet.
    pub(super) fn give_up(&self) {
        let mut state = self.state();
        if let State::Empty(waiting) = &mut *state {
            let waiting = waiting.take();
            *state = State::Over;
            drop(state);
            waiting.into_iter().for_each(Waker::wake);
        }
    }

    /// Whether the other side is gone.
    pub(super) fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.0) == 1
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Clone for Slot<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}
