//! What is known of each boundary of a page while it runs, for tests and tools.

use std::fmt;
use std::panic::Location;
use std::pin::Pin;

use anabranch_boundaries::token::Token;
use anabranch_boundaries::{Error, Registration};
use anabranch_html::document;
use anabranch_html::marker::Name;
use http::HeaderMap;
use tokio::time::Instant;

use crate::Monitor;
use crate::job::ComponentFuture;
use crate::monitor::Everyone;
use crate::tree::{Label, Tree};

/// Sees what happens to the boundaries of one page, and may hold them back: what a test or a
/// development tool puts into a request with [`Monitor::observe`].
///
/// Boundaries are known by their numbers in the response, from 1 on in the order in which they
/// were rendered; the page itself is [`PAGE`](crate::PAGE). All methods do nothing by default. They
/// are called while the page is driven, so they must not block.
pub trait Observer: Send + Sync {
    /// A boundary was rendered. Its component does not start before the gate that is returned is
    /// through; its deadline runs.
    fn rendered(&self, boundary: &Observed<'_>) -> Option<Gate> {
        let _ = boundary;
        None
    }

    /// Something has happened to the boundary `id`, or to the page.
    fn happened(&self, id: u32, event: Event<'_>) {
        let _ = (id, event);
    }

    /// A view of the boundary `id` was made and may be changed, in ways that keep it the HTML
    /// that it is. A NUL in it starts a mark, [`MARK_LEN`] bytes long, for a boundary inside.
    fn view(&self, id: u32, view: View, html: &mut String) {
        let _ = (id, view, html);
    }

    /// Something before the commit point was awaited: a middleware, an extractor, a layout. What
    /// a boundary waits for is no part of that.
    fn awaited(&self, span: &Span<'_>) {
        let _ = span;
    }

    /// The commit point: status and headers are about to be fixed.
    fn committed(&self, headers: &mut HeaderMap) {
        let _ = headers;
    }

    /// The shell, a flush of patches or a page without boundaries was written. What is appended
    /// stands at the end of the body, or behind the trigger.
    fn written(&self, html: &mut String) {
        let _ = html;
    }
}

/// Length in bytes of what stands for a boundary in the HTML of a view.
pub const MARK_LEN: usize = Token::LEN;

/// What holds a boundary back until it is ready.
pub type Gate = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A boundary, when it is rendered.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Observed<'a> {
    /// Its number in the response.
    pub id: u32,
    /// The number of the boundary, or page, that rendered it.
    pub parent: u32,
    /// The name that it was given.
    pub name: Option<&'a str>,
    /// Where it was made.
    pub call_site: &'static Location<'static>,
    /// Whether it has something to show while it is loading.
    pub has_loading_view: bool,
    /// When it fails if it is not complete.
    pub deadline: Instant,
}

impl fmt::Display for Observed<'_> {
    /// As logs and metrics call it: its name, else its call site.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name {
            Some(name) => f.write_str(name),
            None => self.call_site.fmt(f),
        }
    }
}

/// What happens to a boundary, in this order. One that is cancelled may end at any time.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// It is polled for the first time.
    Started,
    /// Its content is complete.
    Complete,
    /// It has failed, and its error view is its content.
    Failed(&'a Error),
    /// It was dropped: not placed, its parent failed, or the client went.
    Cancelled,
    /// Its loading view was written between markers with this name. Before or after its content
    /// is complete, or never.
    Shown(Name),
    /// Its content was written, as a patch if its loading view was shown. For the page: its shell.
    Sent,
    /// The page's last byte was written.
    Finished,
}

/// Which view of a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Until its content is complete.
    Loading,
    /// What it completed with.
    Content,
}

/// One part of what a page waited for before its commit point.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Span<'a> {
    /// What it was: `"middleware"`, `"extract"`, `"head"`, `"layout"`, `"page"`.
    pub what: &'static str,
    /// The file, or where else to look for it.
    pub place: &'a str,
    /// When it began.
    pub from: Instant,
    /// When it was over.
    pub to: Instant,
}

impl<'a> Span<'a> {
    /// What ends now.
    #[must_use]
    pub fn ending_now(what: &'static str, place: &'a str, from: Instant) -> Self {
        let to = Instant::now();
        Self {
            what,
            place,
            from,
            to,
        }
    }
}

/// Whoever observes one page. Nobody, but in tests and development.
#[derive(Clone, Default)]
pub(crate) struct Observers(Option<Everyone>);

impl Observers {
    pub(crate) fn of(monitor: Option<&Monitor>) -> Self {
        Self(monitor.and_then(Monitor::observers))
    }

    fn each(&self, tell: impl FnMut(&dyn Observer)) {
        if let Some(observers) = &self.0 {
            observers.iter().map(|observer| &**observer).for_each(tell);
        }
    }

    pub(crate) fn happened(&self, id: u32, event: Event<'_>) {
        self.each(|observer| observer.happened(id, event));
    }

    pub(crate) fn view(&self, id: u32, view: View, html: &mut String) {
        self.each(|observer| observer.view(id, view, html));
    }

    pub(crate) fn committed(&self, headers: &mut HeaderMap) {
        self.each(|observer| observer.committed(headers));
    }

    pub(crate) fn written(&self, html: &mut String) {
        self.each(|observer| observer.written(html));
    }

    /// The same for a page that was sent in one piece to a reader who takes parts too.
    pub(crate) fn written_whole(&self, page: &mut String) {
        if self.0.is_some() {
            let tail = page.split_off(document::split_tail(page).0.len());
            self.written(page);
            page.push_str(&tail);
        }
    }

    /// Tells of a boundary, and puts whatever holds it back in front of its component.
    pub(crate) fn rendered(
        &self,
        tree: &Tree,
        id: u32,
        future: ComponentFuture,
    ) -> ComponentFuture {
        if self.0.is_none() {
            return future;
        }
        let boundary = tree.observed(id);
        let mut gates = Vec::new();
        self.each(|observer| gates.extend(observer.rendered(&boundary)));
        let observers = self.clone();
        let held = async move {
            for gate in gates {
                gate.await;
            }
            observers.happened(id, Event::Started);
            future.await
        };
        Box::pin(Registration::new(held, boundary.call_site))
    }
}

impl Label {
    pub(crate) fn given_name(&self) -> Option<&str> {
        self.options.as_ref()?.name.as_deref()
    }
}
