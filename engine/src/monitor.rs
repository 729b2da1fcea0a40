//! What is known of a page from outside while it is sent: counts, for an access log.

use std::fmt;
use std::sync::atomic::{AtomicU8, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anabranch_boundaries::Error;

use crate::Observer;

/// Watches the page of one request.
///
/// Whoever wants to know puts a clone into the request's extensions; the page that is rendered
/// for the request counts. Without one nothing is counted. It may be asked at any time, also when
/// the response is gone.
///
/// A clone is the same monitor.
#[derive(Clone, Default)]
pub struct Monitor(Arc<Counts>);

/// Whoever observes one page.
pub(crate) type Everyone = Arc<[Arc<dyn Observer>]>;

/// Written by whoever drives the page, so that plain stores do; read at leisure.
#[derive(Default)]
struct Counts {
    boundaries: AtomicU32,
    pending: AtomicU32,
    failed: AtomicU32,
    timed_out: AtomicU32,
    /// 0, or a [`Cut`].
    cut: AtomicU8,
    /// Nobody, but in tests and development.
    observers: Mutex<Option<Everyone>>,
}

/// Why a page was ended with boundaries pending. They show their timeout views.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cut {
    /// The response deadline passed: `Settings::response_deadline`.
    Deadline = 1,
    /// The server drained: [`Drain::end_pages`](crate::Drain::end_pages).
    Drain,
}

impl Monitor {
    /// A monitor that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many boundaries the page has rendered.
    #[must_use]
    pub fn boundaries(&self) -> u32 {
        self.0.boundaries.load(Ordering::Relaxed)
    }

    /// How many of them are running.
    #[must_use]
    pub fn pending(&self) -> u32 {
        self.0.pending.load(Ordering::Relaxed)
    }

    /// How many have failed, those that timed out included.
    #[must_use]
    pub fn failed(&self) -> u32 {
        self.0.failed.load(Ordering::Relaxed)
    }

    /// How many have timed out.
    #[must_use]
    pub fn timed_out(&self) -> u32 {
        self.0.timed_out.load(Ordering::Relaxed)
    }

    /// Why the page was ended early, if it was.
    #[must_use]
    pub fn cut(&self) -> Option<Cut> {
        let cut = self.0.cut.load(Ordering::Relaxed);
        [Cut::Deadline, Cut::Drain]
            .into_iter()
            .find(|kind| *kind as u8 == cut)
    }

    /// Lets `observer` see each boundary of the page. Call it before the page is rendered.
    pub fn observe(&self, observer: Arc<dyn Observer>) {
        let mut observers = self.lock();
        let others = observers.take();
        let all = others.iter().flat_map(|others| others.iter().cloned());
        *observers = Some(all.chain([observer]).collect());
    }

    /// Whoever observes the page.
    #[must_use]
    pub fn observers(&self) -> Option<Arc<[Arc<dyn Observer>]>> {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Everyone>> {
        let observers = &self.0.observers;
        observers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page has rendered this many boundaries, of which this many are running.
    pub(crate) fn count(&self, boundaries: usize, pending: usize) {
        // There are fewer boundaries than a token has numbers.
        self.0
            .boundaries
            .store(boundaries as u32, Ordering::Relaxed);
        self.0.pending.store(pending as u32, Ordering::Relaxed);
    }

    pub(crate) fn note_failure(&self, error: &Error) {
        self.0.failed.fetch_add(1, Ordering::Relaxed);
        if error.is_timeout() {
            self.0.timed_out.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn note_cut(&self, cut: Cut) {
        self.0.cut.store(cut as u8, Ordering::Relaxed);
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor")
            .field("boundaries", &self.boundaries())
            .field("pending", &self.pending())
            .field("failed", &self.failed())
            .field("timed_out", &self.timed_out())
            .field("cut", &self.cut())
            .finish_non_exhaustive()
    }
}
