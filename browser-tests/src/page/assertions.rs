//! What a test says of a page: assertions that panic, tell what is wrong and how to mend it, and
//! leave evidence behind.
//!
//! None of them is timed. Each waits for what it asserts, and fails when that cannot come any
//! more, or has not come in the site's patience.

use std::fmt::Write as _;

use serde_json::Value;

use super::Page;
use crate::evidence::Evidence;
use crate::stage::{Frame, VisitRecord};
use crate::{Error, Result, Timeline};

pub use self::painted::Painted;

mod loading;
mod painted;
mod pixels;
mod reasons;
mod visit;
mod whole;

impl Page {
    /// Asserts that the loading view of a boundary is painted while its gate is shut.
    ///
    /// # Panics
    /// When it is not: because the page needs something before its first byte, because there is
    /// no such boundary, or no loading view, or because it cannot be seen.
    #[track_caller]
    pub fn shows_loading(&self, name: &str) {
        self.demand(self.check_loading(name));
    }

    /// Asserts that the content of a boundary is painted. The handle says when that must be.
    ///
    /// A name is that of a boundary, given or the end of its call site; `"loading sales"` is the
    /// loading view of "sales"; `"shell"` is the page itself; any other is the value of an
    /// `elementtiming` attribute of one's own.
    ///
    /// The browser reports the paint of text and images. What owns no text, such as a skeleton of
    /// empty boxes, is proven by its pixels: they must differ when the element is made
    /// transparent for a moment. Its time is then that of its swap. Content without any element
    /// is proven by its swap alone.
    ///
    /// # Panics
    /// When it is not painted: because its gate is shut, because it has failed, because its patch
    /// is held back or not swapped in, or because it cannot be seen.
    #[track_caller]
    pub fn painted<'a>(&'a self, name: &'a str) -> Painted<'a> {
        let at = self.demand(self.check_painted(name));
        Painted::new(self, name, at)
    }

    /// Asserts that a boundary fails, and that its error view is painted.
    ///
    /// # Panics
    /// When it completes, or its error view is not painted.
    #[track_caller]
    pub fn shows_error(&self, name: &str) {
        self.demand(self.check_failed(name));
    }

    /// Opens the gate of a boundary, and asserts that its content is painted.
    ///
    /// # Panics
    /// When it is not painted, as [`painted`](Self::painted) does, or the page is not a site's.
    #[track_caller]
    pub fn release(&self, name: &str) {
        let opened = self.origin().map(|origin| origin.stage.release(name));
        self.demand(opened);
        self.demand(self.check_painted(name));
    }

    /// Asserts that the page, once it is complete, is the page that a bot gets in one piece: the
    /// same document, with nothing left over from the stream. Ids of errors are not compared. The
    /// bot has the page's cookies.
    ///
    /// # Panics
    /// When they differ, or boundaries are still held.
    #[track_caller]
    pub fn final_dom_equals_whole_mode(&self) {
        self.demand(self.check_whole());
    }

    /// Asserts that what was visible has not moved by itself further than this, all layout shifts
    /// so far added up. A score is the part of the window that moved times how far it did, from 0
    /// to 1; 0.1 is what counts as good for a visitor.
    ///
    /// # Panics
    /// When it has; the message names what moved.
    #[track_caller]
    pub fn no_layout_shift_over(&self, score: f64) {
        self.demand(self.check_layout(score));
    }

    /// Asserts that no script has failed, nothing was missing, nothing was blocked, and the
    /// console has no error.
    ///
    /// # Panics
    /// When something has; the message lists it.
    #[track_caller]
    pub fn no_console_errors(&self) {
        self.demand(self.check_console());
    }

    /// What happened so far: what the browser saw and, for a page of a site, what the app did.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn timeline(&self) -> Result<Timeline> {
        let seen = if self.tab.runs_scripts() {
            self.eval(SEEN)?
        } else {
            let paints = self.eval(self.paints_expression())?;
            serde_json::json!({ "entries": named(paints, "Painted") })
        };
        Ok(Timeline::merge(&seen, self.visit().as_ref()))
    }

    fn check_layout(&self, limit: f64) -> Result {
        self.eval("__anabranch_paint.settled()")?;
        let timeline = self.timeline()?;
        let sum: f64 = timeline.layout_shifts().map(|(score, _)| score).sum();
        if sum <= limit {
            return Ok(());
        }
        Err(Error::new(reasons::shifted(&timeline, sum, limit)))
    }

    fn check_console(&self) -> Result {
        let errors = self.errors()?;
        if errors.is_empty() {
            return Ok(());
        }
        let errors = errors.join("\n  ");
        Err(Error::new(format!("the console has errors:\n  {errors}")))
    }

    /// The value, or a panic with everything that is known.
    #[track_caller]
    fn demand<T>(&self, checked: Result<T>) -> T {
        match checked {
            Ok(value) => value,
            Err(error) => self.fail(&format!("{error:?}")),
        }
    }

    /// Panics with the message and the timeline, and leaves them with a screenshot and the frames
    /// of the response in the target folder.
    #[track_caller]
    fn fail(&self, message: &str) -> ! {
        let timeline = self.timeline().map(|timeline| timeline.to_string());
        let timeline = timeline.unwrap_or_else(|error| format!("no timeline: {error:?}\n"));
        let visit = self.visit();
        let evidence = Evidence {
            message,
            timeline: Some(&timeline),
            screenshot: self.screenshot_soon(),
            frames: visit.as_ref().map(frames),
        };
        let left = match evidence.leave() {
            Ok(folder) => format!("Screenshot, frames and timeline: {}", folder.display()),
            Err(error) => format!("No evidence could be left: {error}"),
        };
        panic!("{message}\n\n{timeline}\n{left}\n");
    }
}

/// What the page's observer saw, with the times that its navigation tells.
const SEEN: &str = "(() => {
    const entries = [...(self.__anabranch_paint?.entries ?? [])];
    const { requestStart, responseStart } = performance.getEntriesByType('navigation')[0] ?? {};
    if (requestStart) entries.push({ what: 'Requested', name: '', at: requestStart });
    if (responseStart) entries.push({ what: 'FirstByte', name: '', at: responseStart });
    return { origin: performance.timeOrigin, entries };
})()";

/// The frames of a response, each under a line that says when it left the app.
fn frames(visit: &VisitRecord) -> String {
    let mut text = format!("GET {}\n", visit.path);
    for (number, Frame { at, bytes }) in visit.frames.iter().enumerate() {
        let after = at.epoch.saturating_sub(visit.requested.epoch).as_secs_f64() * 1_000.0;
        let html = String::from_utf8_lossy(bytes);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "\n--- frame {number}, after {after:.1} ms, {} bytes\n{html}",
            bytes.len()
        );
    }
    text
}

/// Paints as entries of a timeline.
fn named(paints: Value, what: &str) -> Vec<Value> {
    let paints = match paints {
        Value::Array(paints) => paints,
        _ => Vec::new(),
    };
    let entries = paints.into_iter().map(|mut paint| {
        paint["what"] = what.into();
        paint
    });
    entries.collect()
}
