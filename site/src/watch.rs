//! A page whose parts wait for gates that its visitor opens, and a record of what leaves when.
//!
//! A visit begins with a request for the page and ends with its response. While it lasts, other
//! requests find it by its id: the forms that open gates, and the timeline, which is a streamed
//! page of its own.
//!
//! # Layout
//! * [`Visits`]: those that are under way
//! * `visit`: the gates of one of them, and its record
//! * `record`: writes the record, as a layer around the page

mod record;
mod visit;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anabranch::{Error, Result, secs};

pub use record::record;
pub use visit::{Entry, Visit};

/// How long a gate waits to be opened.
pub const PATIENCE: Duration = secs(120);

/// How long a response may take: its parts, and a little more to say goodbye.
pub const LONGEST: Duration = secs(130);

/// How many visits there may be at one time.
pub const MOST: usize = 200;

/// The level of the water.
pub const LEVEL: Gate = Gate::new("level", "Water level");
/// What happened today.
pub const LOG: Gate = Gate::new("log", "Harbour log");
/// The last thing that happened, inside of [`LOG`].
pub const ENTRY: Gate = Gate::new("entry", "Latest entry");
/// The next ferries.
pub const FERRIES: Gate = Gate::new("ferries", "Ferries");
/// The weather.
pub const WEATHER: Gate = Gate::new("weather", "Weather");

/// The gates of the page, in the order in which the page has them.
pub const GATES: [Gate; 5] = [LEVEL, LOG, ENTRY, FERRIES, WEATHER];

/// The page for whoever reads Markdown.
pub const MARKDOWN: &str = "# Watch it stream

This page shows how a response fills in: each of its parts waits for a gate, and its visitor opens
the gates with buttons, in any order. Whatever gate is opened, its part leaves in the same response,
which is still open, and the browser puts it in its place. A timeline beside it lists each frame
with its time and its bytes. It takes a browser to watch. What happens in it is described in
[Streaming and boundaries](/guide/boundaries.md) and in [The wire](/guide/wire.md).
";

/// What a part of the page waits for.
#[derive(Clone, Copy, Debug)]
pub struct Gate {
    /// In URLs, and as the `id` of the part.
    pub name: &'static str,
    /// For readers.
    pub title: &'static str,
}

impl Gate {
    const fn new(name: &'static str, title: &'static str) -> Self {
        Self { name, title }
    }
}

/// The visits that are under way. A clone is the same.
#[derive(Clone, Debug, Default)]
pub struct Visits {
    /// A std mutex: nothing is awaited while it is held.
    by_id: Arc<Mutex<HashMap<String, Visit>>>,
}

impl Visits {
    /// Begins a visit, or says that there are too many.
    ///
    /// # Errors
    /// If the system has no random numbers.
    pub fn begin(&self) -> Result<Option<Begun>> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|error| Error::msg(error.to_string()))?;
        let visit = Visit::new(format!("{:032x}", u128::from_ne_bytes(random)));
        let mut by_id = self.lock();
        if by_id.len() >= MOST {
            return Ok(None);
        }
        by_id.insert(visit.id().to_owned(), visit.clone());
        drop(by_id);
        let visits = self.clone();
        Ok(Some(Begun { visits, visit }))
    }

    /// The visit with this id, while it lasts.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<Visit> {
        self.lock().get(id).cloned()
    }

    /// How many are under way.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lock().len()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Visit>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A visit that has begun. Dropping this ends it.
#[derive(Debug)]
pub struct Begun {
    visits: Visits,
    visit: Visit,
}

impl Begun {
    /// The visit.
    #[must_use]
    pub fn visit(&self) -> &Visit {
        &self.visit
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        self.visits.lock().remove(self.visit.id());
        self.visit.end();
    }
}
