//! Ends open pages early, when their server has no more time for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use crate::clock;

/// By which a server that stops tells those who answer without an end, and ends its open pages: in
/// full, but at once.
///
/// Every [`Connection`](crate::Connection) of a server has a clone. Nothing is kept per request: a page
/// looks at its drain before it waits, and [`end_pages`](Self::end_pages) wakes every page.
///
/// A clone is the same drain.
#[derive(Clone, Debug, Default)]
pub struct Drain(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    begun: CancellationToken,
    ended: AtomicBool,
}

impl Drain {
    /// A drain that lets its pages run.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Tells that the server stops. Pages go on until [`end_pages`](Self::end_pages).
    pub fn begin(&self) {
        self.0.begun.cancel();
    }

    /// Waits until the server stops.
    ///
    /// # Cancel safety
    /// It may be dropped and called again.
    pub fn begun(&self) -> WaitForCancellationFutureOwned {
        self.0.begun.clone().cancelled_owned()
    }

    /// Ends every page that carries this drain, and any that begins later, as their response
    /// deadline would: what is pending fails with a timeout, its views are sent, and the response
    /// ends properly. A page before its commit point is a 504.
    pub fn end_pages(&self) {
        self.begin();
        self.0.ended.store(true, Ordering::SeqCst);
        clock::ring_all();
    }

    /// Whether [`end_pages`](Self::end_pages) was called.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.0.ended.load(Ordering::SeqCst)
    }
}
