//! What a page under test tells of its boundaries.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anabranch_engine::{Event, Gate, Observed, Observer};

use super::holds::Holds;
use crate::name::is_called;

/// The boundaries of one response, with whatever holds them.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) holds: Holds,
    // std's Mutex, because nothing is awaited while it is held.
    boundaries: Mutex<BTreeMap<u32, Known>>,
}

/// What is known of one boundary.
#[derive(Clone, Debug)]
pub(super) struct Known {
    name: Option<String>,
    /// Where it was made: `path:line:column`.
    call_site: String,
    /// Its name on the wire, once its loading view was written.
    pub(super) wire_name: Option<String>,
    pub(super) has_loading_view: bool,
    pub(super) state: State,
    /// Whether its content was written.
    pub(super) sent: bool,
}

/// How far the component of a boundary is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// It was rendered, and does not run yet.
    Held,
    Running,
    Complete,
    /// With its error.
    Failed(String),
    Cancelled,
}

impl Known {
    /// Its name, else its call site.
    pub(super) fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.call_site)
    }
}

impl Record {
    /// All boundaries, in the order in which they were rendered.
    pub(super) fn all(&self) -> Vec<Known> {
        self.lock().values().cloned().collect()
    }

    /// One boundary.
    pub(super) fn get(&self, id: u32) -> Option<Known> {
        self.lock().get(&id).cloned()
    }

    /// Whether a boundary has not come to its end yet.
    pub(super) fn is_under_way(&self, id: u32) -> bool {
        let boundaries = self.lock();
        let known = boundaries.get(&id);
        known.is_some_and(|known| matches!(known.state, State::Held | State::Running))
    }

    /// All boundaries that go by this name.
    pub(super) fn named(&self, name: &str) -> Vec<Known> {
        let mut named = self.all();
        named.retain(|known| is_called(known.name.as_deref(), &known.call_site, name));
        named
    }

    /// The name of the boundary that has this name on the wire.
    pub(super) fn name_of(&self, wire_name: &str) -> Option<String> {
        let boundaries = self.lock();
        let mut known = boundaries.values();
        known
            .find(|known| known.wire_name.as_deref() == Some(wire_name))
            .map(|known| known.name().to_owned())
    }

    /// The boundaries that are held, if nothing else is under way.
    pub(super) fn only_held(&self) -> Option<Vec<String>> {
        let unsent: Vec<_> = self
            .all()
            .into_iter()
            .filter(|known| !known.sent && known.state != State::Cancelled)
            .collect();
        let all_held = unsent.iter().all(|known| known.state == State::Held);
        let held = self.holds.held().len() == unsent.len();
        let name = |known: &Known| known.name().to_owned();
        (all_held && held && !unsent.is_empty()).then(|| unsent.iter().map(name).collect())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Known>> {
        let boundaries = &self.boundaries;
        boundaries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Record {
    fn rendered(&self, boundary: &Observed<'_>) -> Option<Gate> {
        let known = Known {
            name: boundary.name.map(str::to_owned),
            call_site: boundary.call_site.to_string(),
            wire_name: None,
            has_loading_view: boundary.has_loading_view,
            state: State::Held,
            sent: false,
        };
        self.lock().insert(boundary.id, known);
        self.holds.gate(boundary)
    }

    fn happened(&self, id: u32, event: Event<'_>) {
        let mut boundaries = self.lock();
        // The page itself is not among them.
        let Some(known) = boundaries.get_mut(&id) else {
            return;
        };
        match event {
            Event::Started => known.state = State::Running,
            Event::Complete => known.state = State::Complete,
            Event::Failed(error) => known.state = State::Failed(error.chain().to_string()),
            Event::Cancelled => known.state = State::Cancelled,
            Event::Shown(name) => known.wire_name = Some(name.to_string()),
            Event::Sent => known.sent = true,
            _ => {}
        }
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ", self.name())?;
        match &self.state {
            State::Held => f.write_str("is held"),
            State::Running => f.write_str("is running"),
            State::Complete => f.write_str("is complete"),
            State::Failed(error) => write!(f, "has failed: {error}"),
            State::Cancelled => f.write_str("was cancelled"),
        }?;
        match (&self.wire_name, self.sent) {
            (Some(name), true) => write!(f, ", sent as the patch {name}"),
            (None, true) => f.write_str(", sent where it stands, without a loading view"),
            (Some(_), false) if self.has_loading_view => f.write_str(", shows its loading view"),
            (Some(_), false) => f.write_str(", has no loading view: nothing shows in its place"),
            (None, false) => Ok(()),
        }
    }
}
