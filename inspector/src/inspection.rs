//! The observer of one page: it keeps the record, and tells the browser of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anabranch_engine::{Event, Gate, Observed, Observer, Span};
use anabranch_html::csp::allow_script;
use http::HeaderMap;
use http::header::CONTENT_SECURITY_POLICY;
use serde::Serialize;
use tokio::time::Instant;

use crate::hints::{self, Hint};
use crate::record::{News, Record};
use crate::script::{SCRIPT, SCRIPT_HASH};
use crate::server_timing::{self, SERVER_TIMING};
use crate::stats::Stats;

/// Observes the page of one request.
pub(crate) struct Inspection {
    stats: Arc<Stats>,
    /// A std mutex around it: nothing is awaited while it is held.
    state: Mutex<State>,
}

struct State {
    record: Record,
    script: Script,
}

/// What the page carries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// No data and no script.
    Never,
    /// Both, from the first bytes on.
    Wanted,
    Sent,
}

/// What a data block holds.
#[derive(Serialize)]
struct Block<'a> {
    #[serde(flatten)]
    news: News<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    hints: Vec<Hint>,
}

impl Inspection {
    /// Observes from now on. `scripts` is whether the page may carry any.
    pub(crate) fn begin(stats: Arc<Stats>, scripts: bool) -> Self {
        let script = if scripts {
            Script::Wanted
        } else {
            Script::Never
        };
        Self {
            stats,
            state: Mutex::new(State {
                record: Record::new(Instant::now()),
                script,
            }),
        }
    }

    /// Whether the page carries the script.
    pub(crate) fn has_sent_script(&self) -> bool {
        self.state().script == Script::Sent
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Inspection {
    fn rendered(&self, boundary: &Observed<'_>) -> Option<Gate> {
        self.state().record.rendered(boundary);
        None
    }

    fn happened(&self, id: u32, event: Event<'_>) {
        self.state().record.happened(id, &event);
    }

    fn awaited(&self, span: &Span<'_>) {
        self.state().record.awaited(span);
    }

    fn committed(&self, headers: &mut HeaderMap) {
        let mut state = self.state();
        state.record.commit();
        if let Some(timing) = server_timing::header(&state.record) {
            headers.append(SERVER_TIMING, timing);
        }
        let policies = headers.get_all(CONTENT_SECURITY_POLICY).iter();
        let mut policies = policies.filter_map(|policy| policy.to_str().ok());
        if policies.any(|policy| allow_script(policy, SCRIPT_HASH).is_none()) {
            state.script = Script::Never;
        }
    }

    fn written(&self, html: &mut String) {
        let State { record, script } = &mut *self.state();
        if *script == Script::Never {
            return;
        }
        let hints = match record.finished {
            Some(_) => {
                let always_ready = self.stats.note(&record.boundaries);
                hints::all(&record.waits, &record.boundaries, &always_ready)
            }
            None => Vec::new(),
        };
        let news = record.news();
        write_block(html, &Block { news, hints });
        record.note_told();
        if *script == Script::Wanted {
            html.push_str("<script data-anabranch-inspector>");
            html.push_str(SCRIPT);
            html.push_str("</script>");
            *script = Script::Sent;
        }
    }
}

/// Writes a data block. It is not executed, so no policy restrains it.
fn write_block(html: &mut String, block: &Block<'_>) {
    // Numbers, strings and lists always have a form in JSON.
    let Ok(json) = serde_json::to_string(block) else {
        return;
    };
    html.push_str("<script type=\"application/json\" data-anabranch>");
    // In JSON this character stands in strings only; no string ends the element then.
    html.push_str(&json.replace('<', "\\u003c"));
    html.push_str("</script>");
}
