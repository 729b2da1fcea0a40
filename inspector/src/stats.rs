//! What many views of the same boundaries tell.

use std::collections::{BTreeMap, HashMap};
use std::panic::Location;
use std::sync::{Mutex, PoisonError};

use crate::record::{Boundary, Outcome};

/// Fewer views tell nothing.
const ENOUGH_VIEWS: u32 = 5;

/// Boundaries beyond these are not counted, because names may be made up per request.
const MOST: usize = 4096;

/// Counts of all boundaries with loading views, by call site and name.
#[derive(Debug, Default)]
pub(crate) struct Stats(Mutex<HashMap<Key, Seen>>);

type Key = (&'static Location<'static>, String);

#[derive(Debug, Default)]
struct Seen {
    views: u32,
    /// Views with the loading view on screen.
    shown: u32,
}

/// A boundary that was complete in every view before its loading view was needed.
pub(crate) struct AlwaysReady<'a> {
    pub(crate) boundary: &'a Boundary,
    pub(crate) views: u32,
}

impl Stats {
    /// Counts a page that was sent to its end, and says what is known of its boundaries.
    pub(crate) fn note<'a>(&self, boundaries: &'a [Boundary]) -> Vec<AlwaysReady<'a>> {
        // What a page shows many times is one view.
        let mut on_page = BTreeMap::new();
        for boundary in boundaries {
            if boundary.loading && boundary.outcome == Some(Outcome::Complete) {
                let key = (boundary.call_site, boundary.name.as_str());
                let (_, shown) = on_page.entry(key).or_insert((boundary, false));
                *shown |= boundary.shown.is_some();
            }
        }
        let mut stats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut always_ready = Vec::new();
        for ((call_site, name), (boundary, shown)) in on_page {
            let key = (call_site, name.to_owned());
            if stats.len() >= MOST && !stats.contains_key(&key) {
                continue;
            }
            let seen = stats.entry(key).or_default();
            seen.views += 1;
            seen.shown += u32::from(shown);
            if seen.shown == 0 && seen.views >= ENOUGH_VIEWS {
                let views = seen.views;
                always_ready.push(AlwaysReady { boundary, views });
            }
        }
        always_ready
    }
}
