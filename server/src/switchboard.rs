//! All open connections, looked after together.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anabranch_engine::{Drain, End};
use slab::Slab;
use tokio::time::Instant;

use crate::limits::Limits;
use crate::line::{Line, Patience};

/// What the connections of one server share.
#[derive(Debug)]
pub(crate) struct Switchboard {
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
    pub(crate) drain: Drain,
    lines: Mutex<Slab<Arc<Line>>>,
    /// How many `lines` there are.
    open: AtomicUsize,
    is_stopping: AtomicBool,
}

/// The time in milliseconds since the server began, as of the last tick.
///
/// Limits are seconds, so a reading that is late by a tick will do, and costs a load.
#[derive(Clone, Debug)]
pub(crate) struct Clock {
    began: Instant,
    now: Arc<AtomicU64>,
}

impl Clock {
    fn new() -> Self {
        Self {
            began: Instant::now(),
            now: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> u64 {
        self.now.load(Ordering::Relaxed)
    }

    fn tick(&self) -> u64 {
        let now = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.now.store(now, Ordering::Relaxed);
        now
    }
}

impl Switchboard {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            clock: Clock::new(),
            drain: Drain::new(),
            lines: Mutex::default(),
            open: AtomicUsize::new(0),
            is_stopping: AtomicBool::new(false),
        })
    }

    /// Adds a connection, which is looked after until the guard is dropped.
    pub(crate) fn connect(self: &Arc<Self>, line: Arc<Line>) -> Connected {
        let number = self.lines().insert(line);
        self.open.fetch_add(1, Ordering::Relaxed);
        Connected {
            switchboard: self.clone(),
            number,
        }
    }

    /// Reads the clock, and ends what takes longer than it may.
    pub(crate) fn tick(&self, patience: &Patience) {
        let now = self.clock.tick();
        for (_, line) in self.lines().iter() {
            line.look_after(now, patience);
            if self.is_stopping() {
                // It may have waited long enough for its first request.
                line.task().wake();
            }
        }
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// Lets every connection end with the response that is under way.
    pub(crate) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
        self.drain.begin();
        for (_, line) in self.lines().iter() {
            line.task().wake();
        }
    }

    /// Ends every connection, complete or not.
    pub(crate) fn end_all(&self) {
        for (_, line) in self.lines().iter() {
            line.end_for(End::Drained);
        }
    }

    pub(crate) fn open(&self) -> usize {
        self.open.load(Ordering::Relaxed)
    }

    fn lines(&self) -> MutexGuard<'_, Slab<Arc<Line>>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A connection's place at the switchboard.
#[derive(Debug)]
pub(crate) struct Connected {
    switchboard: Arc<Switchboard>,
    number: usize,
}

impl Drop for Connected {
    fn drop(&mut self) {
        self.switchboard.lines().remove(self.number);
        self.switchboard.open.fetch_sub(1, Ordering::Relaxed);
    }
}
