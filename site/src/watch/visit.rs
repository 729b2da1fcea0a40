//! The gates of one visit, and the record of what has left.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::{GATES, Gate};

/// How much of a frame is kept to be shown.
const EXCERPT: usize = 2_000;

/// A visit of the page. A clone is the same visit.
#[derive(Clone, Debug)]
pub struct Visit {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    id: String,
    began: Instant,
    state: watch::Sender<State>,
}

#[derive(Debug, Default)]
struct State {
    open: [bool; GATES.len()],
    entries: Vec<Entry>,
    /// Signs of life since the last entry: nothing else was in these frames.
    quiet: usize,
    is_over: bool,
}

/// A frame that has left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Since the visit began.
    pub at: Duration,
    /// Its length.
    pub bytes: usize,
    /// The parts that it brings; the first frame is the shell, and brings their loading views.
    pub parts: Vec<&'static str>,
    /// How many frames before it were mere signs of life.
    pub quiet: usize,
    /// The frame itself, or its beginning.
    pub excerpt: String,
}

impl Visit {
    pub(super) fn new(id: String) -> Self {
        Self {
            inner: Arc::new(Inner {
                id,
                began: Instant::now(),
                state: watch::Sender::new(State::default()),
            }),
        }
    }

    /// A visit that nobody holds back, and that nobody finds.
    pub(super) fn open() -> Self {
        let visit = Self::new(String::new());
        visit.open_all();
        visit
    }

    /// What others find it by; empty if nothing waits for anybody.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// Waits until a gate is open.
    pub async fn pass(&self, gate: &Gate) {
        let Some(at) = position(gate.name) else {
            return;
        };
        let mut state = self.inner.state.subscribe();
        // An error means that the visit is gone, and then its page is, too.
        let _ = state.wait_for(|state| state.open[at]).await;
    }

    /// Opens a gate. Whether there is one of this name.
    pub fn open_gate(&self, name: &str) -> bool {
        let Some(at) = position(name) else {
            return false;
        };
        self.inner.state.send_modify(|state| state.open[at] = true);
        true
    }

    /// Opens all gates.
    pub fn open_all(&self) {
        let open = |state: &mut State| state.open = [true; GATES.len()];
        self.inner.state.send_modify(open);
    }

    /// The frame of this number, the shell being 0; `None` once the response has ended without.
    pub async fn entry(&self, number: usize) -> Option<Entry> {
        let mut state = self.inner.state.subscribe();
        let is_known = |state: &State| state.entries.len() > number || state.is_over;
        let state = state.wait_for(is_known).await.ok()?;
        state.entries.get(number).cloned()
    }

    /// Records a frame.
    pub(super) fn left(&self, frame: &[u8]) {
        let text = String::from_utf8_lossy(frame);
        self.inner.state.send_modify(|state| {
            let is_shell = state.entries.is_empty();
            if !is_shell && !text.contains("<template") && !text.contains("</html>") {
                state.quiet += 1;
                return;
            }
            let parts = GATES
                .iter()
                .filter(|gate| text.contains(&format!("id=\"{}\"", gate.name)));
            state.entries.push(Entry {
                at: self.inner.began.elapsed(),
                bytes: frame.len(),
                parts: parts.map(|gate| gate.title).collect(),
                quiet: std::mem::take(&mut state.quiet),
                excerpt: text[..text.floor_char_boundary(EXCERPT)].to_owned(),
            });
        });
    }

    pub(super) fn end(&self) {
        self.inner.state.send_modify(|state| state.is_over = true);
    }
}

fn position(name: &str) -> Option<usize> {
    GATES.iter().position(|gate| gate.name == name)
}
