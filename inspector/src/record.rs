//! What is known of one page, with times since its request began.

use std::panic::Location;
use std::time::Duration;

use anabranch_engine::{Event, Observed, PAGE, Span};
use serde::{Serialize, Serializer};
use tokio::time::Instant;

/// Boundaries beyond these are counted only.
pub(crate) const MOST_BOUNDARIES: usize = 1000;

/// What is awaited beyond these is not kept.
const MOST_WAITS: usize = 100;

/// Everything that is known of a page.
pub(crate) struct Record {
    began: Instant,
    pub(crate) waits: Vec<Wait>,
    /// By their numbers, the first of which is 1.
    pub(crate) boundaries: Vec<Boundary>,
    /// How many boundaries there are beyond [`MOST_BOUNDARIES`].
    omitted: u32,
    pub(crate) committed: Option<Moment>,
    pub(crate) finished: Option<Moment>,
    /// Whether the browser knows of the commit and what came before.
    commit_is_told: bool,
}

/// Time since the request began. The browser gets milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(pub(crate) Duration);

/// Something that was awaited before the commit point.
#[derive(Debug, Serialize)]
pub(crate) struct Wait {
    pub(crate) what: &'static str,
    pub(crate) place: String,
    pub(crate) from: Moment,
    pub(crate) to: Moment,
}

/// A boundary, as far as it has come.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Boundary {
    pub(crate) id: u32,
    pub(crate) parent: u32,
    pub(crate) name: String,
    pub(crate) place: String,
    /// Whether it has a loading view.
    pub(crate) loading: bool,
    pub(crate) rendered: Moment,
    /// First polled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) started: Option<Moment>,
    /// Content, or the error view in its place, complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end: Option<Moment>,
    /// Its loading view was written, with this name on the wire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shown: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) wire: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sent: Option<Moment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<Outcome>,
    #[serde(skip)]
    pub(crate) call_site: &'static Location<'static>,
    #[serde(skip)]
    pub(crate) deadline: Moment,
    /// Whether the browser knows all of this.
    #[serde(skip)]
    pub(crate) is_told: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Outcome {
    Complete,
    Failed,
    TimedOut,
    Cancelled,
}

/// What the browser does not know yet.
#[derive(Serialize)]
pub(crate) struct News<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    committed: Option<Moment>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    waits: &'a [Wait],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    boundaries: Vec<&'a Boundary>,
    #[serde(skip_serializing_if = "is_zero")]
    omitted: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished: Option<Moment>,
}

impl Record {
    pub(crate) fn new(began: Instant) -> Self {
        Self {
            began,
            waits: Vec::new(),
            boundaries: Vec::new(),
            omitted: 0,
            committed: None,
            finished: None,
            commit_is_told: false,
        }
    }

    pub(crate) fn awaited(&mut self, span: &Span<'_>) {
        if self.committed.is_none() && self.waits.len() < MOST_WAITS {
            self.waits.push(Wait {
                what: span.what,
                place: short(span.place).to_owned(),
                from: self.moment(span.from),
                to: self.moment(span.to),
            });
        }
    }

    pub(crate) fn rendered(&mut self, boundary: &Observed<'_>) {
        if self.boundaries.len() == MOST_BOUNDARIES {
            self.omitted += 1;
            return;
        }
        let call_site = boundary.call_site.to_string();
        let place = match boundary.name {
            Some(file) if is_loading_file(file) => file,
            _ => short(&call_site),
        };
        self.boundaries.push(Boundary {
            id: boundary.id,
            parent: boundary.parent,
            name: boundary.name.unwrap_or(place).to_owned(),
            place: place.to_owned(),
            loading: boundary.has_loading_view,
            rendered: self.now(),
            started: None,
            end: None,
            shown: None,
            wire: None,
            sent: None,
            outcome: None,
            call_site: boundary.call_site,
            deadline: self.moment(boundary.deadline),
            is_told: false,
        });
    }

    pub(crate) fn happened(&mut self, id: u32, event: &Event<'_>) {
        let now = self.now();
        if id == PAGE {
            if matches!(event, Event::Finished) {
                self.finished = Some(now);
            }
        } else if let Some(boundary) = self.boundary(id) {
            boundary.happened(event, now);
        }
    }

    pub(crate) fn commit(&mut self) {
        self.committed = Some(self.now());
    }

    /// The boundary with this number, if it is kept.
    fn boundary(&mut self, id: u32) -> Option<&mut Boundary> {
        let index = usize::try_from(id).ok()?.checked_sub(1)?;
        self.boundaries.get_mut(index)
    }

    /// What the browser does not know.
    pub(crate) fn news(&self) -> News<'_> {
        let untold = self.boundaries.iter().filter(|boundary| !boundary.is_told);
        let (committed, waits) = match self.commit_is_told {
            true => (None, &[][..]),
            false => (self.committed, &self.waits[..]),
        };
        News {
            committed,
            waits,
            boundaries: untold.collect(),
            omitted: self.omitted,
            finished: self.finished,
        }
    }

    /// The browser knows everything now.
    pub(crate) fn note_told(&mut self) {
        self.commit_is_told = true;
        for boundary in &mut self.boundaries {
            boundary.is_told = true;
        }
    }

    fn now(&self) -> Moment {
        self.moment(Instant::now())
    }

    fn moment(&self, at: Instant) -> Moment {
        Moment(at.saturating_duration_since(self.began))
    }
}

impl Boundary {
    fn happened(&mut self, event: &Event<'_>, now: Moment) {
        self.is_told = false;
        match event {
            Event::Started => self.started = Some(now),
            Event::Complete => self.finish(Outcome::Complete, now),
            Event::Failed(error) if error.is_timeout() => self.finish(Outcome::TimedOut, now),
            Event::Failed(_) => self.finish(Outcome::Failed, now),
            Event::Cancelled => self.finish(Outcome::Cancelled, now),
            Event::Shown(name) => {
                self.shown = Some(now);
                self.wire = Some(name.to_string());
            }
            Event::Sent => self.sent = Some(now),
            _ => {}
        }
    }

    fn finish(&mut self, outcome: Outcome, now: Moment) {
        // What is over cannot be cancelled.
        if self.outcome.is_none() || outcome != Outcome::Cancelled {
            self.outcome = Some(outcome);
            self.end = Some(now);
        }
    }
}

#[cfg(test)]
impl Boundary {
    /// One that ran from `start` to `end` of the 1000 ms it has.
    #[track_caller]
    pub(crate) fn ran(id: u32, parent: u32, name: &str, start: u64, end: u64) -> Self {
        let at = |ms| Moment(Duration::from_millis(ms));
        Self {
            id,
            parent,
            name: name.to_owned(),
            place: format!("{name}.rs"),
            loading: true,
            rendered: at(start),
            started: Some(at(start)),
            end: Some(at(end)),
            shown: None,
            wire: None,
            sent: None,
            outcome: Some(Outcome::Complete),
            call_site: Location::caller(),
            deadline: at(start + 1000),
            is_told: false,
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64((self.0.as_secs_f64() * 10_000.0).round() / 10.0)
    }
}

/// Whether a name is that of a loading file. The router makes its boundary, so the file is where
/// to look.
fn is_loading_file(name: &str) -> bool {
    ["loading.rs", "loading.html"]
        .iter()
        .any(|file| name.ends_with(file))
}

/// A place in a source file without the folders above its package, where they are told apart.
fn short(place: &str) -> &str {
    if !place.starts_with('/') {
        return place;
    }
    let begins = ["/app/", "/src/"].map(|folder| place.rfind(folder));
    match begins.into_iter().flatten().min() {
        Some(slash) => &place[slash + 1..],
        None => place,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_from_its_package_on() {
        for (place, short_place) in [
            ("app/page.rs", "app/page.rs"),
            ("/home/me/shop/app/(a)/page.rs:3:9", "app/(a)/page.rs:3:9"),
            (
                "/home/app/shop/src/app/parts.rs:3:9",
                "src/app/parts.rs:3:9",
            ),
            ("/home/me/x.rs:1:1", "/home/me/x.rs:1:1"),
            ("shop::home", "shop::home"),
        ] {
            assert_eq!(short(place), short_place);
        }
    }

    #[test]
    fn moments_are_milliseconds_with_one_digit() {
        for (micros, json) in [
            (0, "0.0"),
            (49, "0.0"),
            (12_345, "12.3"),
            (430_000, "430.0"),
        ] {
            let moment = Moment(Duration::from_micros(micros));
            assert_eq!(serde_json::to_string(&moment).unwrap(), json);
        }
    }
}
