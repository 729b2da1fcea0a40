//! One component of a response: its state, and what is known of it.

use std::panic::Location;

use anabranch_boundaries::token::Content;
use anabranch_boundaries::{Loading, Options};
use anabranch_html::marker::Name;
use smallvec::SmallVec;
use tokio::time::Instant;

use crate::jobs::drop_quietly;
use crate::meter::Stopwatch;

/// Numbers of components, most often of few.
pub(super) type Ids = SmallVec<[u32; 4]>;

/// Where a component is between its start and its last byte.
#[derive(Debug)]
pub(crate) enum State {
    /// Running; nothing of it is on the wire.
    Waiting(Loading),
    /// Running; its loading view is on the wire.
    Shown(Name),
    /// Complete; goes where it belongs when its parent is written.
    Folded(Content),
    /// Complete; its loading view is on the wire, its patch follows.
    Patch(Name, Content),
    /// Written, or cancelled.
    Done,
}

/// One component: the page, or a boundary's content.
pub(crate) struct Node {
    pub(crate) state: State,
    pub(super) parent: u32,
    pub(super) depth: u32,
    /// Its boundaries, in the order they were rendered; a token's index is one into these.
    pub(super) children: Ids,
    /// Which place in its parent's content it has, in the order of the text.
    pub(super) place: Option<u32>,
    /// Whether that place is directly in a table; known in debug builds only.
    pub(crate) in_table: bool,
    pub(crate) deadline: Instant,
    /// Runs since it was rendered.
    pub(crate) since: Stopwatch,
    pub(crate) label: Label,
}

impl Node {
    pub(super) fn is_running(&self) -> bool {
        matches!(self.state, State::Waiting(_) | State::Shown(_))
    }
}

/// What an app gave for views is its own, and a panic in its destructor goes no further.
impl Drop for Node {
    fn drop(&mut self) {
        if let Some(options) = self.label.options.take() {
            drop_quietly(options);
        }
        if let State::Waiting(loading @ Loading::Lazy(_)) = &mut self.state {
            std::mem::take(loading).discard();
        }
    }
}

/// What is known of a component besides its state. A log calls it by its name, else by its call
/// site.
#[derive(Debug)]
pub(crate) struct Label {
    pub(crate) call_site: &'static Location<'static>,
    pub(crate) options: Option<Box<Options>>,
}

impl std::fmt::Display for Label {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.given_name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{}", self.call_site),
        }
    }
}
