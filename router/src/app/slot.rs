//! A value that one part of a page waits for and another one makes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// Place for a value, with one who fills it and one who takes it.
pub(super) struct Slot<T>(Arc<Mutex<State<T>>>);

/// A std mutex around it: nothing is awaited while it is held.
struct State<T> {
    value: Value<T>,
    /// Whether anybody has ever waited for the value, or taken it.
    asked: bool,
}

enum Value<T> {
    Empty(Option<Waker>),
    Full(T),
    /// There is nothing to wait for any more.
    Over,
}

impl<T> Slot<T> {
    pub(super) fn new() -> Self {
        Self(Arc::new(Mutex::new(State {
            value: Value::Empty(None),
            asked: false,
        })))
    }

    /// Puts the value in. The one who waits is woken, unless it is the task that does this.
    pub(super) fn fill(&self, value: T, cx: &Context<'_>) {
        let before = std::mem::replace(&mut self.state().value, Value::Full(value));
        if let Value::Empty(Some(waker)) = before
            && !waker.will_wake(cx.waker())
        {
            waker.wake();
        }
    }

    /// Takes the value out, once. `None` if it was taken or will not come.
    pub(super) fn poll_take(&self, cx: &Context<'_>) -> Poll<Option<T>> {
        let mut state = self.state();
        state.asked = true;
        match &mut state.value {
            Value::Empty(waiting) => {
                *waiting = Some(cx.waker().clone());
                Poll::Pending
            }
            value => match std::mem::replace(value, Value::Over) {
                Value::Full(value) => Poll::Ready(Some(value)),
                _ => Poll::Ready(None),
            },
        }
    }

    /// Ends the wait. True if the value was taken before.
    pub(super) fn close(&self) -> bool {
        let before = std::mem::replace(&mut self.state().value, Value::Over);
        match before {
            Value::Empty(Some(waker)) => {
                waker.wake();
                false
            }
            Value::Over => true,
            Value::Empty(None) | Value::Full(_) => false,
        }
    }

    /// Ends the wait if there is nothing yet.
    pub(super) fn give_up(&self) {
        let mut state = self.state();
        if let Value::Empty(waiting) = &mut state.value {
            let waiting = waiting.take();
            state.value = Value::Over;
            drop(state);
            waiting.into_iter().for_each(Waker::wake);
        }
    }

    /// Whether anybody has ever waited for the value, or taken it.
    pub(super) fn was_asked(&self) -> bool {
        self.state().asked
    }

    /// Tells whether anybody waits for the value. It is no side of the slot.
    pub(super) fn is_awaited(&self) -> impl Fn() -> bool + Send + Unpin + use<T>
    where
        T: Send + 'static,
    {
        let slot = Arc::downgrade(&self.0);
        move || {
            slot.upgrade()
                .is_some_and(|slot| matches!(Self(slot).state().value, Value::Empty(Some(_))))
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
