//! The stand-in: a task that drives a page whose server has stopped polling.
//!
//! Whoever wakes a component calls it in, perhaps while it holds a lock that the component's
//! destructor takes, as the wakers of a shared future do. So nothing here holds a page, not even
//! for a moment: the page may end meanwhile, and would be dropped by whoever wakes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Poll;

use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::body::Drive;

/// Calls in a task to drive a page, and dismisses it.
pub(crate) struct StandIn {
    /// Weak, because the components' wakers lead here: a strong one would keep them alive.
    drive: Weak<Drive>,
    /// The wake may come from a thread outside the runtime.
    runtime: Handle,
    /// Whether there may be a task to dismiss.
    is_there: AtomicBool,
    task: Mutex<Option<Task>>,
}

struct Task {
    /// The number of polls after which it was called in.
    polls: usize,
    handle: AbortHandle,
}

impl StandIn {
    /// For a page that is driven in the runtime that this thread is in.
    pub(crate) fn new(drive: &Arc<Drive>) -> Self {
        Self {
            drive: Arc::downgrade(drive),
            runtime: Handle::current(),
            is_there: AtomicBool::new(false),
            task: Mutex::new(None),
        }
    }

    /// Calls one in for a server that is away since it polled for the time `polls`.
    pub(crate) fn call_in(&self, polls: usize) {
        // Counted and not upgraded, so that the last to hold the page is never who wakes.
        if self.drive.strong_count() == 0 {
            return;
        }
        let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
        let is_there = |task: &Task| task.polls == polls && !task.handle.is_finished();
        if task.as_ref().is_some_and(is_there) {
            return;
        }
        // Weak again, so that a task that is never polled keeps nothing alive.
        let driven = self.drive.clone();
        let poll = std::future::poll_fn(move |cx| match driven.upgrade() {
            Some(drive) => drive.poll_as_stand_in(polls, cx),
            None => Poll::Ready(()),
        });
        let handle = self.runtime.spawn(poll).abort_handle();
        // One that was called in before a poll without a turn may still be waiting.
        if let Some(earlier) = task.replace(Task { polls, handle }) {
            earlier.handle.abort();
        }
        self.is_there.store(true, Ordering::SeqCst);
    }

    /// Whether there may be a task.
    pub(crate) fn is_there(&self) -> bool {
        self.is_there.load(Ordering::SeqCst)
    }

    /// Ends the task.
    pub(crate) fn dismiss(&self) {
        // Looked at first, because most often there is none, and a look costs less than a swap.
        if self.is_there() && self.is_there.swap(false, Ordering::SeqCst) {
            let mut task = self.task.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(task) = task.take() {
                task.handle.abort();
            }
        }
    }
}
