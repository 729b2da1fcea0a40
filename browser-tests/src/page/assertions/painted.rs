//! The content of a boundary, painted, and when.

use super::super::Page;
use super::reasons;
use crate::mark::Mark;
use crate::stage::BoundaryRecord;
use crate::timeline::What;
use crate::{Error, Result};

/// Something that was painted. Its methods assert when.
#[derive(Clone, Copy, Debug)]
pub struct Painted<'a> {
    page: &'a Page,
    name: &'a str,
    at: f64,
}

impl<'a> Painted<'a> {
    pub(super) fn new(page: &'a Page, name: &'a str, at: f64) -> Self {
        Self { page, name, at }
    }

    /// Milliseconds after the start of the navigation.
    #[must_use]
    pub fn at(&self) -> f64 {
        self.at
    }

    /// Asserts that it was painted in an earlier frame than the other, which need not be painted
    /// yet while its gate is shut.
    ///
    /// # Panics
    /// When it was not, or the other is not painted although its gate is open.
    #[track_caller]
    pub fn before(self, other: &str) -> Self {
        let page = self.page;
        if !page.is_held(other) {
            let other_at = page.demand(page.check_painted(other));
            page.demand(self.precedes((self.name, self.at), (other, other_at)));
        }
        self
    }

    /// Asserts that it was painted in a later frame than the other.
    ///
    /// # Panics
    /// When it was not, or the other is not painted.
    #[track_caller]
    pub fn after(self, other: &str) -> Self {
        let page = self.page;
        let other_at = page.demand(page.check_painted(other));
        page.demand(self.precedes((other, other_at), (self.name, self.at)));
        self
    }

    /// Asserts that it was painted while the response was open, and not with its end.
    ///
    /// # Panics
    /// When it was not.
    #[track_caller]
    pub fn while_open(self) -> Self {
        self.page.demand(self.check_open());
        self
    }

    fn precedes(&self, (one, at): (&str, f64), (other, other_at): (&str, f64)) -> Result {
        if at < other_at {
            return Ok(());
        }
        Err(Error::new(reasons::wrong_order(
            (one, at),
            (other, other_at),
        )))
    }

    fn check_open(&self) -> Result {
        // 0 while the response is open, but in Firefox, where it is some time before the end.
        let end = "document.readyState === 'loading' ? 0
            : performance.getEntriesByType('navigation')[0].responseEnd";
        let end = self.page.eval(end)?.as_f64().unwrap_or_default();
        if end == 0.0 || self.at < end {
            return Ok(());
        }
        Err(Error::new(reasons::after_end(self.name, self.at, end)))
    }
}

impl Page {
    /// When this was painted.
    pub(super) fn check_painted(&self, name: &str) -> Result<f64> {
        if self.origin.is_none() {
            self.wait_painted(name)?;
            return Ok(self.paint_of(name)?.unwrap_or_default());
        }
        if let Some((boundary, mark)) = self.loading_view(name) {
            return self
                .see(&mark, What::Placed, &boundary)
                .map_err(|why| Error::because(format!("`{name}` is not painted"), why));
        }
        let unknown = match self.boundary(name) {
            Ok((_, boundary)) => return self.check_content(&boundary, What::Complete),
            Err(unknown) => unknown,
        };
        // The shell, or a name that the page has given.
        if !self.tab.has_arrived() || !self.is_marked(name)? {
            return Err(unknown);
        }
        self.see(&Mark::Reported(name.to_owned()), What::Placed, "")
            .map_err(|why| Error::because(format!("`{name}` is not painted"), why))
    }

    /// The boundary that a name such as "loading sales" is about, and the mark of its loading
    /// view, whose element may have a name of its own.
    fn loading_view(&self, name: &str) -> Option<(String, Mark)> {
        let boundary = name.strip_prefix("loading ")?;
        let visit = self.visit()?;
        let boundary = visit.boundary(boundary)?;
        Some((boundary.to_string(), boundary.loading.clone()?))
    }

    /// Whether the page has an element of this name, or had one that was painted.
    fn is_marked(&self, name: &str) -> Result<bool> {
        let marked = format!(
            "[...document.querySelectorAll('[elementtiming]')]\
             .some(element => element.getAttribute('elementtiming') === {})",
            serde_json::Value::from(name)
        );
        Ok(self.paint_of(name)?.is_some() || self.eval(&marked)? == true)
    }

    /// Passes when a boundary has failed and its error view is painted.
    pub(super) fn check_failed(&self, name: &str) -> Result {
        let (_, boundary) = self.boundary(name)?;
        self.check_content(&boundary, What::Failed).map(drop)
    }

    /// When the content of a boundary was painted, which ends in this way.
    fn check_content(&self, boundary: &BoundaryRecord, end: What) -> Result<f64> {
        let (visit, boundary) = self.boundary_when(boundary.id, |boundary| {
            boundary.is_held() || boundary.outcome().is_some()
        })?;
        if let Some(why) = reasons::not_ended(&visit, &boundary, end) {
            return Err(Error::new(why));
        }
        let name = boundary.to_string();
        let found = match &boundary.content {
            Some(mark) if mark.name().is_some() => self.see(mark, What::Swapped, &name),
            // Text without an element of its own: the place of its loading view has it.
            _ => self.swap_of(&boundary, &name),
        };
        let visit = self.visit();
        let visit = visit.as_ref();
        match found {
            // A later patch or heartbeat may have put right what came in the wrong order.
            Ok(at) => match visit.and_then(|visit| reasons::precedes_parent(visit, &boundary)) {
                None => Ok(at),
                Some(why) => Err(Error::new(format!("`{name}` is painted, but {why}"))),
            },
            Err(error) => {
                let why = visit.and_then(|visit| reasons::withheld(visit, &boundary));
                let why = why.or_else(|| self.not_swapped(&boundary));
                let why = why.unwrap_or_else(|| error.to_string());
                Err(Error::new(format!(
                    "`{name}` is complete but not painted: {why}"
                )))
            }
        }
    }

    /// When the content of a boundary took the place of its loading view; it arrived with the
    /// shell, if it had none.
    fn swap_of(&self, boundary: &BoundaryRecord, name: &str) -> Result<f64> {
        let (what, name) = match &boundary.wire {
            Some(wire) => {
                let swapped = "entry.what === 'Swapped' && entry.name";
                self.wait_for(&format!(
                    "__anabranch_paint.entries.some(entry => {swapped} === '{wire}')"
                ))?;
                self.eval("__anabranch_paint.settled()")?;
                (What::Swapped, name)
            }
            None => (What::FirstByte, ""),
        };
        Ok(self.timeline()?.when(what, name).unwrap_or_default())
    }

    /// Why a patch that has arrived is still where it arrived.
    fn not_swapped(&self, boundary: &BoundaryRecord) -> Option<String> {
        let wire = boundary.wire.as_deref()?;
        let waits = format!(
            "!!document.querySelector('template[for=\"{wire}\"], template[data-for=\"{wire}\"]')"
        );
        if self.eval(&waits).ok()? != true {
            return None;
        }
        let native = self
            .eval("'htmlFor' in HTMLTemplateElement.prototype")
            .ok()?
            == true;
        let bridge = self.eval("typeof self.$a === 'function'").ok()? == true;
        let errors = self.errors().unwrap_or_default();
        Some(reasons::not_swapped(wire, native, bridge, &errors))
    }

    /// Whether this is a boundary at a shut gate.
    fn is_held(&self, name: &str) -> bool {
        let visit = self.visit();
        let boundary = visit.as_ref().and_then(|visit| visit.boundary(name));
        boundary.is_some_and(BoundaryRecord::is_held)
    }
}
