//! What a [`Stage`](super::Stage) has seen of one response.

use std::fmt;
use std::time::{Duration, SystemTime};

use axum::body::Bytes;
use tokio::time::Instant;

use crate::mark::Mark;
use crate::name::is_called;
use crate::timeline::What;

/// A point in time, on two clocks.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// On the runtime's clock, which a test may have paused.
    pub instant: Instant,
    /// Since 1970, which is how a browser knows when its page began.
    pub epoch: Duration,
}

impl Moment {
    /// This moment.
    #[must_use]
    pub fn now() -> Self {
        let epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Self {
            instant: Instant::now(),
            // A clock before 1970 is as good as one that stands still.
            epoch: epoch.unwrap_or_default(),
        }
    }

    /// Milliseconds on a clock that began at `origin`, in milliseconds since 1970: a page's
    /// `performance.timeOrigin`.
    #[must_use]
    pub fn after(&self, origin: f64) -> f64 {
        self.epoch.as_secs_f64() * 1_000.0 - origin
    }
}

/// What happened to one request.
#[derive(Clone, Debug)]
pub struct VisitRecord {
    /// Its place in the order of the requests, from 0.
    pub number: usize,
    /// Path and query.
    pub path: String,
    /// When the request arrived.
    pub requested: Moment,
    /// Of the response, once there is one.
    pub status: Option<u16>,
    /// The boundaries in the order in which they were rendered. The ids are theirs from 1 on.
    pub boundaries: Vec<BoundaryRecord>,
    /// What happened to them and, with id 0, to the page itself, in order.
    pub happened: Vec<Happened>,
    /// What was awaited before the commit point, as far as it is told.
    pub awaited: Vec<Awaited>,
    /// The frames of the body as they left the app.
    pub frames: Vec<Frame>,
    /// When the body ended, or was given up by its reader.
    pub ended: Option<Moment>,
}

/// One boundary.
#[derive(Clone, Debug)]
pub struct BoundaryRecord {
    /// Its number in the response.
    pub id: u32,
    /// The number of the boundary, or page, that rendered it.
    pub parent: u32,
    /// The name that it was given.
    pub name: Option<String>,
    /// Where it was made: `path:line:column`.
    pub call_site: String,
    /// Whether it has something to show while it is loading.
    pub has_loading_view: bool,
    /// Its name on the wire, once its loading view was written.
    pub wire: Option<String>,
    /// How the paint of its loading view can be seen, once that was made.
    pub loading: Option<Mark>,
    /// How the paint of its content can be seen, once it is complete.
    pub content: Option<Mark>,
    /// Why it failed.
    pub error: Option<String>,
    /// Whether its gate is shut.
    pub(super) held: bool,
    /// How it ended: complete, failed or cancelled.
    pub(super) outcome: Option<What>,
}

/// An event.
#[derive(Clone, Copy, Debug)]
pub struct Happened {
    /// When.
    pub at: Moment,
    /// To which boundary; 0 is the page itself.
    pub id: u32,
    /// What.
    pub what: What,
}

/// Something that was awaited before the commit point.
#[derive(Clone, Debug)]
pub struct Awaited {
    /// What it was: `"middleware"`, `"extract"`, `"head"`, `"layout"`, `"page"`.
    pub what: &'static str,
    /// The file, or where else to look for it.
    pub place: String,
    /// How long it took.
    pub took: Duration,
}

/// One frame of a body.
#[derive(Clone, Debug)]
pub struct Frame {
    /// When it left the app.
    pub at: Moment,
    /// What was in it.
    pub bytes: Bytes,
}

impl VisitRecord {
    pub(super) fn begin(number: usize, path: &str) -> Self {
        Self {
            number,
            path: path.to_owned(),
            requested: Moment::now(),
            status: None,
            boundaries: Vec::new(),
            happened: Vec::new(),
            awaited: Vec::new(),
            frames: Vec::new(),
            ended: None,
        }
    }

    /// The first boundary that goes by this name: its own, or the end of its call site.
    #[must_use]
    pub fn boundary(&self, name: &str) -> Option<&BoundaryRecord> {
        self.boundaries
            .iter()
            .find(|boundary| boundary.is_called(name))
    }

    /// The boundaries that wait at shut gates.
    pub fn held(&self) -> impl Iterator<Item = &BoundaryRecord> {
        self.boundaries.iter().filter(|boundary| boundary.is_held())
    }

    /// Whether nothing will happen before a gate is opened: the page and all of its boundaries
    /// are complete, or held.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let mut boundaries = self.boundaries.iter();
        let ended = [What::Complete, What::Failed];
        ended.into_iter().any(|end| self.when(0, end).is_some())
            && boundaries.all(|boundary| boundary.is_held() || boundary.outcome.is_some())
    }

    /// What tests call the boundary `id`, or the page.
    #[must_use]
    pub fn name_of(&self, id: u32) -> String {
        let boundary = self.boundaries.iter().find(|boundary| boundary.id == id);
        boundary.map_or_else(|| "page".to_owned(), ToString::to_string)
    }

    /// When this happened first to the boundary `id`, or to the page.
    #[must_use]
    pub fn when(&self, id: u32, what: What) -> Option<Moment> {
        let mut happened = self.happened.iter();
        let first = happened.find(|event| event.id == id && event.what == what);
        first.map(|event| event.at)
    }

    pub(super) fn add(&mut self, id: u32, what: What) {
        let at = Moment::now();
        self.happened.push(Happened { at, id, what });
        if matches!(what, What::Complete | What::Failed | What::Cancelled)
            && let Some(boundary) = self.boundary_mut(id)
        {
            boundary.outcome = Some(what);
        }
    }

    pub(super) fn boundary_mut(&mut self, id: u32) -> Option<&mut BoundaryRecord> {
        // Most recent first: that is whom most events are about.
        self.boundaries
            .iter_mut()
            .rfind(|boundary| boundary.id == id)
    }
}

impl BoundaryRecord {
    /// Whether it goes by this name: its own, or the end of its call site.
    #[must_use]
    pub fn is_called(&self, name: &str) -> bool {
        is_called(self.name.as_deref(), &self.call_site, name)
    }

    /// Whether it waits at a shut gate.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.held && self.outcome.is_none()
    }

    /// How it ended: [`What::Complete`], [`What::Failed`] or [`What::Cancelled`].
    #[must_use]
    pub fn outcome(&self) -> Option<What> {
        self.outcome
    }
}

impl fmt::Display for BoundaryRecord {
    /// As logs and metrics call it: its name, else its call site.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_deref().unwrap_or(&self.call_site))
    }
}
