//! Gates in front of the boundaries of a page, opened by name.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anabranch_engine::{Gate, Observed};
use tokio::sync::oneshot;

/// Holds boundaries back until they are released. Clones hold the same ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Holds {
    // std's Mutex, because nothing is awaited while it is held.
    state: Arc<Mutex<State>>,
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
    called: Called,
    open: oneshot::Sender<()>,
}

/// What a boundary answers to.
#[derive(Debug)]
enum Called {
    Name(String),
    /// `path:line:column`
    Site(String),
}

impl Holds {
    /// The gate of a boundary that has just been rendered.
    pub(crate) fn gate(&self, boundary: &Observed<'_>) -> Option<Gate> {
        let called = Called::of(boundary);
        let mut state = self.state();
        if state.free || state.released.iter().any(|name| called.answers_to(name)) {
            return None;
        }
        let (open, opened) = oneshot::channel();
        let id = boundary.id;
        state.held.push(Held { id, called, open });
        Some(Box::pin(async move {
            // The sender is dropped only with the whole stage: then nobody is left to release.
            let _ = opened.await;
        }))
    }

    /// Lets every boundary go on that has this name, now or later, in any order. One without a
    /// name is known by the end of its call site, such as `page.rs:12`.
    pub(crate) fn release(&self, name: &str) {
        let mut state = self.state();
        state.released.push(name.to_owned());
        state.open(|held| held.called.answers_to(name));
    }

    /// Lets one boundary go on.
    pub(crate) fn release_id(&self, id: u32) {
        self.state().open(|held| held.id == id);
    }

    /// Lets everything go on, now and later.
    pub(crate) fn release_all(&self) {
        let mut state = self.state();
        state.free = true;
        state.open(|_| true);
    }

    /// The boundaries that are held now, in the order in which they were rendered.
    pub(crate) fn held(&self) -> Vec<u32> {
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

impl Called {
    fn of(boundary: &Observed<'_>) -> Self {
        match boundary.name {
            Some(name) => Self::Name(name.to_owned()),
            None => Self::Site(boundary.call_site.to_string()),
        }
    }

    fn answers_to(&self, asked: &str) -> bool {
        match self {
            Self::Name(name) => name == asked,
            Self::Site(site) => is_end_of_site(site, asked),
        }
    }
}

/// Whether `asked` is the end of `path:line:column`, from a `/` on, with or without the column.
fn is_end_of_site(site: &str, asked: &str) -> bool {
    let without_column = site.rsplit_once(':').map_or(site, |(line, _)| line);
    [site, without_column].into_iter().any(|site| {
        site.strip_suffix(asked)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_site_is_known_by_its_end() {
        let site = "app/flights/page.rs:12:7";
        for asked in [
            "app/flights/page.rs:12:7",
            "page.rs:12",
            "flights/page.rs:12:7",
        ] {
            assert!(is_end_of_site(site, asked), "{asked}");
        }
        for asked in ["page.rs:1", "age.rs:12", "page.rs", "12", "12:7", ""] {
            assert!(!is_end_of_site(site, asked), "{asked}");
        }
    }
}
