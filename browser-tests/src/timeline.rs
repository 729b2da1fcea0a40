//! What happened to a page, by time: what the browser saw, and what the app did for it.
//!
//! Needs the feature `browser`.

use std::fmt;

use serde_json::Value;

use crate::stage::VisitRecord;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// The browser has sent the request.
    Requested,
    /// The first byte of the response has arrived.
    FirstByte,
    /// The browser has painted anything.
    FirstPaint,
    /// The browser has painted text or an image.
    FirstContentfulPaint,
    /// The browser has painted a marked element.
    Painted,
    /// What was visible has moved, without the reader's doing.
    LayoutShift {
        /// How much of the window moved, times how far, from 0 to 1.
        score: f64,
    },
    /// The browser's main thread was busy for more than 50 ms.
    LongTask {
        /// How long.
        ms: f64,
    },
    /// The app has rendered the boundary.
    Rendered,
    /// The app has polled it for the first time.
    Started,
    /// Its content is complete.
    Complete,
    /// It has failed, and its error view is its content.
    Failed,
    /// It was dropped.
    Cancelled,
    /// Its loading view was written.
    Shown,
    /// Its content was written; of the page: its shell.
    Sent,
    /// The page's last byte was written.
    Finished,
    /// The browser has parsed the start of its loading view.
    Placed,
    /// Its content is in the place of its loading view.
    Swapped,
}

impl What {
    /// What the page's own observer calls so.
    fn seen(name: &str, value: f64) -> Option<Self> {
        Some(match name {
            "Requested" => Self::Requested,
            "FirstByte" => Self::FirstByte,
            "FirstPaint" => Self::FirstPaint,
            "FirstContentfulPaint" => Self::FirstContentfulPaint,
            "Painted" => Self::Painted,
            "LayoutShift" => Self::LayoutShift { score: value },
            "LongTask" => Self::LongTask { ms: value },
            "Placed" => Self::Placed,
            "Swapped" => Self::Swapped,
            _ => return None,
        })
    }

    /// Whether the app did it, not the browser.
    #[must_use]
    pub fn is_of_the_app(self) -> bool {
        matches!(
            self,
            Self::Rendered
                | Self::Started
                | Self::Complete
                | Self::Failed
                | Self::Cancelled
                | Self::Shown
                | Self::Sent
                | Self::Finished
        )
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Requested => "requested",
            Self::FirstByte => "first byte",
            Self::FirstPaint => "first paint",
            Self::FirstContentfulPaint => "first contentful paint",
            Self::Painted => "painted",
            Self::LayoutShift { score } => return write!(f, "layout shift of {score:.3}"),
            Self::LongTask { ms } => return write!(f, "busy for {ms:.0} ms"),
            Self::Rendered => "rendered",
            Self::Started => "started",
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Shown => "loading view sent",
            Self::Sent => "sent",
            Self::Finished => "finished",
            Self::Placed => "loading view in place",
            Self::Swapped => "swapped in",
        })
    }
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Milliseconds after the start of the navigation.
    pub at: f64,
    /// What happened.
    pub what: What,
    /// To which boundary or element. For a layout shift: what moved. May be empty.
    pub name: String,
}

/// What happened to a page, by time.
///
/// `Display` draws it: what the app did on the left, what the browser saw on the right.
///
/// ```text
///      ms  app                             browser
///     0.0                                  requested
///     2.1  rendered sales
///     2.3  loading view sent sales
///     2.3  sent page
///     8.9                                  first byte
///    24.0                                  painted loading sales
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// By time.
    pub entries: Vec<Entry>,
}

impl Timeline {
    /// Merges what the page saw with what the app did, if that is known.
    pub(crate) fn merge(seen: &Value, visit: Option<&VisitRecord>) -> Self {
        let origin = seen["origin"].as_f64().unwrap_or_default();
        let seen = seen["entries"].as_array().into_iter().flatten();
        let seen = seen.filter_map(|entry| entry_of(entry, visit));
        let done = visit.into_iter().flat_map(|visit| {
            visit.happened.iter().map(move |event| Entry {
                at: event.at.after(origin),
                what: event.what,
                name: visit.name_of(event.id),
            })
        });
        let mut entries: Vec<Entry> = seen.chain(done).collect();
        entries.sort_by(|one, other| one.at.total_cmp(&other.at));
        Self { entries }
    }

    /// When this happened first to something of this name.
    #[must_use]
    pub fn when(&self, what: What, name: &str) -> Option<f64> {
        let mut entries = self.entries.iter();
        let first = entries.find(|entry| entry.what == what && entry.name == name);
        first.map(|entry| entry.at)
    }

    /// The layout shifts: score, and what moved.
    pub fn layout_shifts(&self) -> impl Iterator<Item = (f64, &Entry)> {
        self.entries.iter().filter_map(|entry| match entry.what {
            What::LayoutShift { score } => Some((score, entry)),
            _ => None,
        })
    }
}

/// An entry of the page's observer, with the name of a boundary instead of that on the wire.
fn entry_of(seen: &Value, visit: Option<&VisitRecord>) -> Option<Entry> {
    let value = seen["value"].as_f64().unwrap_or_default();
    let what = What::seen(seen["what"].as_str()?, value)?;
    let name = seen["name"].as_str().unwrap_or_default();
    let boundaries = visit.map(|visit| visit.boundaries.as_slice());
    let placed = matches!(what, What::Placed | What::Swapped);
    let boundary = boundaries
        .unwrap_or_default()
        .iter()
        .find(|boundary| placed && boundary.wire.as_deref() == Some(name));
    Some(Entry {
        at: seen["at"].as_f64()?,
        what,
        name: boundary.map_or_else(|| name.to_owned(), ToString::to_string),
    })
}

impl fmt::Display for Timeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>8}  {:<WIDTH$}  browser", "ms", "app")?;
        for Entry { at, what, name } in &self.entries {
            let line = format!("{what} {name}");
            let line = line.trim_end();
            if what.is_of_the_app() {
                writeln!(f, "{at:>8.1}  {line}")?;
            } else {
                writeln!(f, "{at:>8.1}  {:<WIDTH$}  {line}", "")?;
            }
        }
        Ok(())
    }
}

/// Width of the app's column.
const WIDTH: usize = 32;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_is_drawn_in_two_columns() {
        let entry = |at, what, name: &str| Entry {
            at,
            what,
            name: name.to_owned(),
        };
        let timeline = Timeline {
            entries: vec![
                entry(0.0, What::Requested, ""),
                entry(2.04, What::Shown, "sales"),
                entry(1234.5, What::LayoutShift { score: 0.25 }, "<p>"),
            ],
        };
        let lines = [
            "      ms  app                               browser",
            "     0.0                                    requested",
            "     2.0  loading view sent sales",
            "  1234.5                                    layout shift of 0.250 <p>",
        ];
        assert_eq!(timeline.to_string(), lines.join("\n") + "\n");
    }

    #[test]
    fn what_the_page_saw_is_ordered_and_what_is_unknown_left_out() {
        let seen = json!({ "origin": 0, "entries": [
            { "what": "Painted", "name": "b", "at": 2.5, "value": 0 },
            { "what": "Placed", "name": "0", "at": 1.5, "value": 0 },
            { "what": "Danced", "name": "c", "at": 0.5, "value": 0 },
        ] });
        let timeline = Timeline::merge(&seen, None);
        let names: Vec<_> = timeline.entries.iter().map(|entry| &*entry.name).collect();
        assert_eq!(names, ["0", "b"]);
        assert_eq!(timeline.when(What::Painted, "b"), Some(2.5));
        assert_eq!(timeline.when(What::Painted, "c"), None);
    }
}
