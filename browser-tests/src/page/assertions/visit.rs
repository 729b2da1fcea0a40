//! The visit of a page: its record on the stage of its site.

use super::super::{Origin, Page};
use super::reasons;
use crate::stage::{BoundaryRecord, VISIT, VisitRecord};
use crate::{Error, Result};

impl Page {
    /// Where the page is from.
    pub(super) fn origin(&self) -> Result<&Origin> {
        self.origin.as_ref().ok_or_else(|| {
            Error::new(
                "this page was not opened by a Site, so nothing is known of its boundaries: open \
                 it with Site::open",
            )
        })
    }

    /// What its site knows of the page.
    pub(super) fn visit(&self) -> Option<VisitRecord> {
        let origin = self.origin.as_ref()?;
        let mut visits = origin.stage.visits();
        let number = self.visit_number(&visits)?;
        Some(visits.swap_remove(number))
    }

    /// Which visit it is. A page without its first byte does not know, but its path does.
    fn visit_number(&self, visits: &[VisitRecord]) -> Option<usize> {
        let origin = self.origin.as_ref()?;
        let timing = format!(
            "performance.getEntriesByType('navigation')[0]?.serverTiming\
             ?.find(({{ name }}) => name === '{VISIT}')?.description"
        );
        let told = self.eval(&timing).ok();
        let told = told.and_then(|told| told.as_str()?.parse().ok());
        let by_path = || {
            let visits = visits.iter().skip(origin.first_visit);
            let last = visits.rev().find(|visit| visit.path == origin.path);
            last.map(|visit| visit.number)
        };
        told.filter(|number| *number < visits.len())
            .or_else(by_path)
    }

    /// Waits until something holds of the visit, or the time is over, and returns how it is then.
    pub(super) fn visit_when(
        &self,
        mut holds: impl FnMut(&VisitRecord) -> bool,
    ) -> Result<VisitRecord> {
        let stage = &self.origin()?.stage;
        let missing = || Error::new("the request of this page did not reach the app");
        let number = self.visit_number(&stage.visits()).ok_or_else(missing)?;
        stage.wait_until(self.limit, |visits| {
            visits.get(number).is_some_and(&mut holds)
        });
        stage.visits().into_iter().nth(number).ok_or_else(missing)
    }

    /// The boundary of this name, once it is rendered. Fails as soon as none can be any more.
    pub(super) fn boundary(&self, name: &str) -> Result<(VisitRecord, BoundaryRecord)> {
        self.origin()?;
        if !self.tab.has_arrived() {
            let message = reasons::blocked(self.visit().as_ref(), name, self.limit);
            return Err(Error::new(message));
        }
        let visit = self.visit_when(|visit| visit.boundary(name).is_some() || visit.is_quiet())?;
        match visit.boundary(name).cloned() {
            Some(boundary) => Ok((visit, boundary)),
            None => Err(Error::new(reasons::unknown(&visit, name))),
        }
    }

    /// The same boundary, once something holds of it or the time is over.
    pub(super) fn boundary_when(
        &self,
        id: u32,
        holds: impl Fn(&BoundaryRecord) -> bool,
    ) -> Result<(VisitRecord, BoundaryRecord)> {
        let of = |visit: &VisitRecord| {
            let mut boundaries = visit.boundaries.iter();
            boundaries.find(|boundary| boundary.id == id).cloned()
        };
        let visit = self.visit_when(|visit| of(visit).is_some_and(|boundary| holds(&boundary)))?;
        let boundary = of(&visit).ok_or_else(|| Error::new("the boundary is gone"))?;
        Ok((visit, boundary))
    }
}
