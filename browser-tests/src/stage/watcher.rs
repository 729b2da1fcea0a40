//! The stage's observer of one page: holds its boundaries, marks its views, writes its record.

use anabranch_engine::{Event, Gate, Observed, Observer, PAGE, Span, View};

use super::Stage;
use super::record::{Awaited, BoundaryRecord, VisitRecord};
use crate::mark;
use crate::timeline::What;

/// Observes the page of one visit.
pub(super) struct Watcher {
    stage: Stage,
    visit: usize,
    /// Whether its boundaries find all gates open.
    free: bool,
}

impl Watcher {
    pub(super) fn new(stage: Stage, visit: usize, free: bool) -> Self {
        Self { stage, visit, free }
    }

    fn note(&self, write: impl FnOnce(&mut VisitRecord)) {
        self.stage.note(self.visit, write);
    }

    /// What a view is marked with.
    fn mark_for(&self, id: u32, view: View) -> String {
        if id == PAGE {
            return "shell".to_owned();
        }
        let visits = self.stage.lock();
        let name = visits.get(self.visit).map(|visit| visit.name_of(id));
        let name = name.unwrap_or_default();
        match view {
            View::Loading => format!("loading {name}"),
            View::Content => name,
        }
    }
}

impl Observer for Watcher {
    fn rendered(&self, boundary: &Observed<'_>) -> Option<Gate> {
        let call_site = boundary.call_site.to_string();
        let mut gate = None;
        self.note(|visit| {
            // Under the lock, under which gates are opened: the record says of each what it is.
            if !self.free {
                gate = self.stage.gate(boundary.name, &call_site);
            }
            visit.boundaries.push(BoundaryRecord {
                id: boundary.id,
                parent: boundary.parent,
                name: boundary.name.map(str::to_owned),
                call_site,
                has_loading_view: boundary.has_loading_view,
                held: gate.is_some(),
                wire: None,
                loading: None,
                content: None,
                error: None,
                outcome: None,
            });
            visit.add(boundary.id, What::Rendered);
        });
        gate
    }

    fn happened(&self, id: u32, event: Event<'_>) {
        let (mut error, mut wire) = (None, None);
        let what = match event {
            Event::Started => What::Started,
            Event::Complete => What::Complete,
            Event::Failed(cause) => {
                error = Some(cause.chain().to_string());
                What::Failed
            }
            Event::Cancelled => What::Cancelled,
            Event::Shown(name) => {
                wire = Some(name.to_string());
                What::Shown
            }
            Event::Sent => What::Sent,
            Event::Finished => What::Finished,
            _ => return,
        };
        self.note(|visit| {
            if let Some(boundary) = visit.boundary_mut(id) {
                boundary.error = error.or(boundary.error.take());
                boundary.wire = wire.or(boundary.wire.take());
            }
            visit.add(id, what);
        });
    }

    fn view(&self, id: u32, view: View, html: &mut String) {
        let mark = mark::mark(html, &self.mark_for(id, view));
        self.note(|visit| {
            if let Some(boundary) = visit.boundary_mut(id) {
                match view {
                    View::Loading => boundary.loading = Some(mark),
                    View::Content => boundary.content = Some(mark),
                }
            }
        });
    }

    fn awaited(&self, span: &Span<'_>) {
        let awaited = Awaited {
            what: span.what,
            place: span.place.to_owned(),
            took: span.to.duration_since(span.from),
        };
        self.note(|visit| visit.awaited.push(awaited));
    }
}
