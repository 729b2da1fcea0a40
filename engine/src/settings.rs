//! What a page is told: limits, views, scripts.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, LazyLock, OnceLock};
use std::time::Duration;

use anabranch_boundaries::{Error, ErrorView};
use anabranch_html::csp::Nonce;
use anabranch_html::marker::Name;
use anabranch_html::script::{ScriptMode, Scripts};
use maud::Markup;

/// Settings of pages: for an app, or for one of its pages.
///
/// ```
/// use anabranch_engine::Settings;
/// use std::time::Duration;
///
/// let settings = Settings::new()
///     .deadline(Duration::from_secs(10))
///     .grace(Duration::from_millis(20));
/// ```
#[derive(Clone)]
pub struct Settings(Arc<Values>);

#[derive(Clone)]
pub(crate) struct Values {
    pub(crate) deadline: Duration,
    pub(crate) response_deadline: Duration,
    pub(crate) grace: Duration,
    pub(crate) heartbeat: Duration,
    pub(crate) scripts: Scripts,
    /// The bridge as pages without a nonce carry it, written once.
    bridge: OnceLock<String>,
    pub(crate) bridge_threshold: usize,
    pub(crate) max_boundaries: usize,
    pub(crate) max_depth: u32,
    pub(crate) max_unsent: usize,
    pub(crate) is_bot: fn(&str) -> bool,
    pub(crate) error_view: Option<ErrorView>,
    pub(crate) not_found_view: Option<ErrorView>,
    pub(crate) error_page: Option<ErrorView>,
}

/// How many beats may be missing before the bridge takes a response for cut: one that is late
/// and one that is lost.
const BEATS_TO_CUT: u32 = 3;

/// A shorter beat would be a load, not a sign of life.
const SHORTEST_BEAT: Duration = Duration::from_millis(100);

/// A browser's timer holds 2^31 ms, 24 days, for [`BEATS_TO_CUT`] beats.
const LONGEST_BEAT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

impl Settings {
    /// The defaults, which each method names.
    #[must_use]
    pub fn new() -> Self {
        static DEFAULT: LazyLock<Settings> =
            LazyLock::new(|| Settings(Arc::new(Values::default())));
        DEFAULT.clone()
    }

    /// How long a page may take to its commit point, and a boundary from its registration to its
    /// content. Default: 30 seconds.
    #[must_use]
    pub fn deadline(self, deadline: Duration) -> Self {
        self.with(|values| values.deadline = deadline)
    }

    /// How long a whole response may take; what is pending then is timed out. Default: 60
    /// seconds.
    #[must_use]
    pub fn response_deadline(self, deadline: Duration) -> Self {
        self.with(|values| values.response_deadline = deadline)
    }

    /// How long a complete shell waits for boundaries, to carry those that finish instead of
    /// their loading views. Default: not at all.
    #[must_use]
    pub fn grace(self, grace: Duration) -> Self {
        self.with(|values| values.grace = grace)
    }

    /// How pages carry the bridge. Default: inline.
    #[must_use]
    pub fn script(self, script: ScriptMode) -> Self {
        self.with(|values| values.scripts.mode = script)
    }

    /// After how much silence an open response sends its trigger as a sign of life. The bridge
    /// takes three times as much silence for a cut connection. At least 100 ms, at most a week.
    /// Default: 5 seconds.
    #[must_use]
    pub fn heartbeat(self, heartbeat: Duration) -> Self {
        self.with(|values| {
            values.heartbeat = heartbeat.clamp(SHORTEST_BEAT, LONGEST_BEAT);
            values.scripts.watchdog = values.heartbeat * BEATS_TO_CUT;
        })
    }

    /// What the bridge tells the reader of a response that was cut, as plain text.
    #[must_use]
    pub fn cut_notice(self, notice: impl Into<Cow<'static, str>>) -> Self {
        self.with(|values| values.scripts.cut_notice = notice.into())
    }

    /// Above how many loading views on screen the bridge swaps in every browser, because the
    /// native swap's cost grows with their square. Default: 500.
    #[must_use]
    pub fn bridge_threshold(self, boundaries: usize) -> Self {
        self.with(|values| values.bridge_threshold = boundaries)
    }

    /// How many boundaries one response may have, 811,669 ([`Name::COUNT`]) at most. The component
    /// that exceeds it fails. Default: 40,000.
    #[must_use]
    pub fn max_boundaries(self, boundaries: usize) -> Self {
        self.with(|values| values.max_boundaries = boundaries.min(Name::COUNT as usize))
    }

    /// How deep boundaries may nest. The one that exceeds it fails. Default: 100.
    #[must_use]
    pub fn max_depth(self, depth: u32) -> Self {
        self.with(|values| values.max_depth = depth)
    }

    /// How many bytes of content may wait for a client that does not read before no further
    /// boundary is started. At least 1. Default: 8 MiB.
    #[must_use]
    pub fn max_unsent(self, bytes: usize) -> Self {
        self.with(|values| values.max_unsent = bytes.max(1))
    }

    /// Which user agents get whole pages. Default: [`is_bot`](crate::is_bot).
    #[must_use]
    pub fn bots(self, is_bot: fn(&str) -> bool) -> Self {
        self.with(|values| values.is_bot = is_bot)
    }

    /// What shows for a failed boundary that has no error view of its own or above it.
    #[must_use]
    pub fn error_view(self, view: impl Fn(&Error) -> Markup + Send + Sync + 'static) -> Self {
        self.with(|values| values.error_view = Some(Arc::new(view)))
    }

    /// Like [`error_view`](Self::error_view), for [`not_found`](anabranch_boundaries::not_found).
    #[must_use]
    pub fn not_found_view(self, view: impl Fn(&Error) -> Markup + Send + Sync + 'static) -> Self {
        self.with(|values| values.not_found_view = Some(Arc::new(view)))
    }

    /// The document for a page that fails before its commit point; the error has its status.
    #[must_use]
    pub fn error_page(self, page: impl Fn(&Error) -> Markup + Send + Sync + 'static) -> Self {
        self.with(|values| values.error_page = Some(Arc::new(page)))
    }

    pub(crate) fn values(&self) -> &Values {
        &self.0
    }

    fn with(mut self, change: impl FnOnce(&mut Values)) -> Self {
        let values = Arc::make_mut(&mut self.0);
        change(values);
        values.bridge = OnceLock::new();
        self
    }
}

impl Values {
    /// Whether pages carry scripts.
    pub(crate) fn has_scripts(&self) -> bool {
        self.scripts.mode != ScriptMode::None
    }

    /// Appends the bridge, or the tag that loads it.
    pub(crate) fn write_bridge(&self, out: &mut String, nonce: Option<&Nonce>) {
        if nonce.is_some() {
            self.scripts.write_bridge(out, nonce);
            return;
        }
        out.push_str(self.bridge.get_or_init(|| {
            let mut bridge = String::new();
            self.scripts.write_bridge(&mut bridge, None);
            bridge
        }));
    }
}

impl Default for Values {
    fn default() -> Self {
        let heartbeat = Duration::from_secs(5);
        Self {
            deadline: Duration::from_secs(30),
            response_deadline: Duration::from_secs(60),
            grace: Duration::ZERO,
            heartbeat,
            scripts: Scripts {
                mode: ScriptMode::Inline,
                watchdog: heartbeat * BEATS_TO_CUT,
                cut_notice: "This page stopped loading before it was complete. Reload it to try \
                             again."
                    .into(),
            },
            bridge: OnceLock::new(),
            bridge_threshold: 500,
            max_boundaries: 40_000,
            max_depth: 100,
            max_unsent: 8 << 20,
            is_bot: crate::is_bot,
            error_view: None,
            not_found_view: None,
            error_page: None,
        }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values();
        f.debug_struct("Settings")
            .field("deadline", &values.deadline)
            .field("response_deadline", &values.response_deadline)
            .field("grace", &values.grace)
            .field("script", &values.scripts.mode)
            .field("heartbeat", &values.heartbeat)
            .field("bridge_threshold", &values.bridge_threshold)
            .field("max_boundaries", &values.max_boundaries)
            .field("max_depth", &values.max_depth)
            .field("max_unsent", &values.max_unsent)
            .finish_non_exhaustive()
    }
}
