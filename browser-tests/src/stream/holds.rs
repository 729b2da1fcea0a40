//! Gates in front of the boundaries of one response, opened by name, or one by one.
//!
//! A `Stage` opens its gates for all responses, and marks what it sees; this one
//! leaves each byte as it is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use anabranch_engine::{Gate, Observed};
use tokio::sync::oneshot;

use crate::name::is_called;

/// Holds boundaries back until they are released.
#[derive(Debug, Default)]
pub(super) struct Holds {
    // std's Mutex, because nothing is awaited while it is held.
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Nothing is held any more.
    free: bool,
    /// Names that were released. A boundary that is rendered later is free from the start.
    released: Vec<String>,
    held: Vec<Held>,
}

/// A boundary whose gate is shut.
#[derive(Debug)]
struct Held {
    id: u32,
    name: Option<String>,
    call_site: String,
    open: oneshot::Sender<()>,
}

impl Holds {
    /// The gate of a boundary that has just been rendered.
    pub(super) fn gate(&self, boundary: &Observed<'_>) -> Option<Gate> {
        let call_site = boundary.call_site.to_string();
        let mut state = self.state();
        let is_released = |name: &String| is_called(boundary.name, &call_site, name);
        if state.free || state.released.iter().any(is_released) {
            return None;
        }
        let (open, opened) = oneshot::channel();
        state.held.push(Held {
            id: boundary.id,
            name: boundary.name.map(str::to_owned),
            call_site,
            open,
        });
        Some(Box::pin(async move {
            // The sender is dropped with the test: then nobody is left to release.
            let _ = opened.await;
        }))
    }

    /// Lets every boundary go on that goes by this name, now or later, in any order.
    pub(super) fn release(&self, name: &str) {
        let mut state = self.state();
        state.released.push(name.to_owned());
        state.open(|held| is_called(held.name.as_deref(), &held.call_site, name));
    }

    /// Lets one boundary go on.
    pub(super) fn release_id(&self, id: u32) {
        self.state().open(|held| held.id == id);
    }

    /// Lets everything go on, now and later.
    pub(super) fn release_all(&self) {
        let mut state = self.state();
        state.free = true;
        state.open(|_| true);
    }

    /// The boundaries that are held now, in the order in which they were rendered.
    pub(super) fn held(&self) -> Vec<u32> {
        let mut state = self.state();
        // Those that were cancelled are held no more.
        state.held.retain(|held| !held.open.is_closed());
        state.held.iter().map(|held| held.id).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn open(&mut self, which: impl Fn(&Held) -> bool) {
        for held in self.held.extract_if(.., |held| which(held)) {
            // An error means that the boundary was cancelled.
            let _ = held.open.send(());
        }
    }
}
