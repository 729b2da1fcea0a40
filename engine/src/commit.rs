//! From a page's future to its commit point: status, headers, and the first bytes.
//!
//! Until then nothing has been sent, so an error, a redirect or a cookie is a real one. At the
//! commit point the shell is complete, and so is every boundary if the page is sent whole.

use std::borrow::Cow;
use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use anabranch_boundaries::{Error, Registration, Result, scope};
use anabranch_html::csp::Nonce;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_TYPE, ETAG, EXPIRES, LAST_MODIFIED, LOCATION,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tracing::field::{DisplayValue, display};

use crate::body::Drive;
use crate::failure;
use crate::framing;
use crate::head;
use crate::job::{ComponentFuture, Job};
use crate::jobs::drop_quietly;
use crate::meter::Stopwatch;
use crate::observer::{Event, Observers};
use crate::registry::{PAGE, Registry};
use crate::scheduler::{First, Scheduler};
use crate::signal::Signal;
use crate::write::Writer;
use crate::{Audience, Drain, Monitor, PageBody, ResponseParts, Settings};

/// Headers for caches of one kind, which go before what [`CACHE_CONTROL`] says.
const CDN_CACHE_CONTROL: HeaderName = HeaderName::from_static("cdn-cache-control");
const SURROGATE_CONTROL: HeaderName = HeaderName::from_static("surrogate-control");

/// One request for a page, as far as it matters here.
#[derive(Clone, Debug)]
pub struct Visit {
    /// What the page is told.
    pub settings: Settings,
    /// Who reads it.
    pub audience: Audience,
    /// Nonce of its scripts, new for each response.
    pub nonce: Option<Nonce>,
    /// What the page tells: status, headers, cookies. `None` if it has no way to tell.
    pub parts: Option<ResponseParts>,
    /// By which its server ends it early, if it has one.
    pub drain: Option<Drain>,
    /// Who watches it, if anyone does.
    pub monitor: Option<Monitor>,
    /// What logs call the page.
    pub name: Option<Cow<'static, str>>,
    /// What logs call it if it has no name.
    pub call_site: &'static Location<'static>,
}

impl Visit {
    /// A visit by somebody who takes a page in parts, to a page that has no way to tell anything.
    #[track_caller]
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            audience: Audience::default(),
            nonce: None,
            parts: None,
            drain: None,
            monitor: None,
            name: None,
            call_site: Location::caller(),
        }
    }

    /// What logs call the page.
    fn label(&self) -> &dyn fmt::Display {
        self.name.as_ref().map_or(&self.call_site, |name| name)
    }

    /// Where the page was made, for a log of a page that has no name.
    fn place(&self) -> Option<DisplayValue<&'static Location<'static>>> {
        self.name.is_none().then(|| display(self.call_site))
    }

    /// Logs that the page failed before its commit point. Also what is no failure of the server's,
    /// because an error page may show its id.
    fn log(&self, error: &Error) {
        if error.is_redirect() || !error.first_log() {
            return;
        }
        let (route, at, id) = (self.name.as_deref(), self.place(), error.id());
        if error.status().is_server_error() {
            tracing::error!(route, at, error.id = %id, cause = error.chain(), "a page failed");
        } else {
            tracing::debug!(route, at, error.id = %id, cause = error.chain(), "a page refused the request");
        }
    }
}

/// A response at its commit point.
#[derive(Debug)]
pub struct Rendered {
    /// Status, fixed.
    pub status: StatusCode,
    /// What the page set, and `Location` for a redirect.
    pub headers: HeaderMap,
    /// The page, whole or with more to follow.
    pub body: PageBody,
    /// Whether the page has boundaries, so that how it is sent depends on who asks and when.
    pub has_boundaries: bool,
}

/// Drives `page` to its commit point.
///
/// It polls the page and its boundaries side by side. The commit point is reached when the page
/// is complete; for a reader that wants it whole, when every boundary is. A page that fails
/// becomes an error response; this function itself does not fail.
///
/// # Panics
/// Outside a tokio runtime with its timer enabled.
///
/// # Cancel safety
/// Dropping the future drops the page and everything that it started.
pub fn render(
    visit: Visit,
    page: impl Future<Output = Result> + Send + 'static,
) -> impl Future<Output = Rendered> + Send {
    let page: ComponentFuture = Box::pin(Registration::new(page, visit.call_site));
    let observers = Observers::of(visit.monitor.as_ref());
    let mut rendering = Rendering {
        visit,
        observers,
        page: Some(page),
        drive: None,
        wait: Wait::ForPage,
        since: Stopwatch::start(),
    };
    std::future::poll_fn(move |cx| rendering.poll(cx))
}

/// A page on its way to the commit point.
struct Rendering {
    visit: Visit,
    observers: Observers,
    /// The page, until its first poll.
    page: Option<ComponentFuture>,
    /// The page and its boundaries, since then.
    drive: Option<Arc<Drive>>,
    wait: Wait,
    /// Runs since the page was asked for.
    since: Stopwatch,
}

/// What the first poll of a page has led to.
enum Begun {
    /// It is complete, and has no boundaries.
    Complete(Result<String>),
    /// There is more to do.
    Driven(Arc<Drive>),
}

impl Rendering {
    fn poll(&mut self, cx: &Context<'_>) -> Poll<Rendered> {
        if let Some(page) = self.page.take() {
            match self.begin(page, cx) {
                Begun::Complete(outcome) => return Poll::Ready(self.complete(outcome)),
                Begun::Driven(drive) => self.drive = Some(drive),
            }
        } else if let Some(drive) = &self.drive {
            drive.signal.begin(cx);
            drive.scheduler().turn();
        }
        let Some(drive) = self.drive.clone() else {
            return Poll::Pending;
        };
        let mut scheduler = drive.scheduler();
        if !self.reaches_commit_point(&mut scheduler) {
            return Poll::Pending;
        }
        if let Some(error) = scheduler.take_page_error() {
            return Poll::Ready(self.complete(Err(error)));
        }
        let (status, headers) = self.commit();
        let has_boundaries = scheduler.tree.has_boundaries();
        let body = if scheduler.tree.running() == 0 {
            self.whole_body(scheduler.whole())
        } else {
            let shell = scheduler.shell();
            // Deadlines hold also for a body that nobody polls.
            scheduler.watch_the_clock();
            PageBody::stream(shell, drive.clone())
        };
        Poll::Ready(Rendered {
            status: status.unwrap_or_default(),
            headers,
            body,
            has_boundaries,
        })
    }

    /// Polls the page for the first time. What only a page with boundaries or waits needs is not
    /// made before it is known to be one.
    fn begin(&mut self, page: ComponentFuture, cx: &Context<'_>) -> Begun {
        let Visit { settings, name, .. } = &self.visit;
        let span = tracing::info_span!("page", name = name.as_deref(), at = self.visit.place());
        let signal = Arc::<Signal>::default();
        signal.begin(cx);
        let waker = Waker::from(signal.clone());
        let mut job = Job::new(PAGE, page, span.clone());
        let registry = Box::new(Registry::new(settings.values().max_boundaries));
        let (registry, polled) =
            scope::enter(registry, || job.poll(&mut Context::from_waker(&waker)));
        let first = match polled {
            Poll::Ready(outcome) => {
                drop_quietly(job);
                if !registry.has_boundaries() {
                    if let Ok(page) = &outcome {
                        framing::check_origin(self.visit.label(), page, registry.key());
                    }
                    let page = outcome.and_then(|page| head::fill(page, *registry));
                    self.note_complete(&page);
                    return Begun::Complete(page);
                }
                First::Complete(outcome)
            }
            Poll::Pending => First::Pending(job, waker),
        };
        let writer = Writer::new(self.visit.nonce.take(), self.observers.clone());
        let scheduler = Scheduler::new(&mut self.visit, writer, signal, registry, span);
        let drive = Drive::new(scheduler);
        drive.scheduler().go_on(first);
        Begun::Driven(drive)
    }

    /// Tells of a page that its first poll has finished. The scheduler tells of others.
    fn note_complete(&self, page: &Result<String>) {
        let observers = &self.observers;
        match page {
            Ok(_) => {
                for event in [Event::Complete, Event::Sent, Event::Finished] {
                    observers.happened(PAGE, event);
                }
            }
            Err(error) => observers.happened(PAGE, Event::Failed(error)),
        }
    }

    fn reaches_commit_point(&mut self, scheduler: &mut Scheduler) -> bool {
        let audience = &self.visit.audience;
        loop {
            self.wait = self.wait.next(scheduler, audience);
            if self.wait == Wait::Over {
                return true;
            }
            let running = scheduler.tree.running();
            scheduler.watch_the_clock();
            // Time may have put an end to the wait.
            if scheduler.tree.running() == running
                && self.wait.next(scheduler, audience) == self.wait
            {
                scheduler.signal().end_waiting();
                return false;
            }
        }
    }

    /// Fixes status and headers.
    fn commit(&self) -> (Option<StatusCode>, HeaderMap) {
        self.since.committed();
        let parts = self.visit.parts.as_ref();
        let (status, mut headers) = parts.map(ResponseParts::commit).unwrap_or_default();
        self.observers.committed(&mut headers);
        (status, headers)
    }

    fn whole_body(&self, mut page: String) -> PageBody {
        let Visit {
            audience, settings, ..
        } = &self.visit;
        if !audience.wants_whole(settings) {
            self.observers.written_whole(&mut page);
        }
        PageBody::whole(page)
    }

    /// The response for a page that failed, or that has no boundaries.
    fn complete(&self, outcome: Result<String>) -> Rendered {
        let (status, headers) = self.commit();
        match outcome {
            Ok(page) => Rendered {
                status: status.unwrap_or_default(),
                headers,
                body: self.whole_body(page),
                has_boundaries: false,
            },
            Err(error) => {
                self.visit.log(&error);
                failed(&error, headers, &self.visit.settings)
            }
        }
    }
}

/// What the commit point waits for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wait {
    ForPage,
    /// For every boundary, because the reader wants the page whole.
    ForAll,
    /// For boundaries that finish within the grace.
    ForGrace,
    Over,
}

impl Wait {
    fn next(self, scheduler: &mut Scheduler, audience: &Audience) -> Self {
        if scheduler.tree.running() == 0 {
            return Self::Over;
        }
        match self {
            Self::ForPage if scheduler.page_is_running() => Self::ForPage,
            Self::ForPage if audience.wants_whole(scheduler.settings()) => Self::ForAll,
            Self::ForPage if scheduler.begin_grace() => Self::ForGrace,
            Self::ForGrace if !scheduler.grace_is_over() => Self::ForGrace,
            Self::ForAll => Self::ForAll,
            Self::ForPage | Self::ForGrace | Self::Over => Self::Over,
        }
    }
}

/// The response for a page that failed.
fn failed(error: &Error, mut headers: HeaderMap, settings: &Settings) -> Rendered {
    forget_content(&mut headers);
    if let Some(Ok(location)) = error.location().map(HeaderValue::from_str) {
        headers.insert(LOCATION, location);
    }
    Rendered {
        status: error.status(),
        headers,
        body: PageBody::whole(failure::page(settings.values(), error)),
        has_boundaries: false,
    }
}

/// Removes what `headers` say of content that is not sent: a cache would keep a failure for as
/// long as the page, and a client read it as what the page was to be.
fn forget_content(headers: &mut HeaderMap) {
    if headers.is_empty() {
        return;
    }
    for name in [
        CONTENT_TYPE,
        CONTENT_LENGTH,
        CONTENT_ENCODING,
        CONTENT_DISPOSITION,
        CONTENT_RANGE,
        ETAG,
        LAST_MODIFIED,
        EXPIRES,
    ] {
        headers.remove(name);
    }
    for name in [CACHE_CONTROL, CDN_CACHE_CONTROL, SURROGATE_CONTROL] {
        let kept = forbidden(headers, &name);
        headers.remove(&name);
        if !kept.is_empty() {
            // Names of directives are always a value.
            headers.extend(HeaderValue::from_str(&kept).map(|kept| (name, kept)));
        }
    }
}

/// What a header for caches forbids them, without what it allows.
fn forbidden(headers: &HeaderMap, name: &HeaderName) -> String {
    let values = headers.get_all(name).iter();
    let directives: Vec<_> = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        // With an argument it forbids less; without, it forbids that too.
        .filter_map(|directive| Some(directive.split('=').next()?.trim()))
        .collect();
    let is_there = |name: &&str| directives.iter().any(|it| it.eq_ignore_ascii_case(name));
    let forbids = ["private", "no-cache", "no-store"].into_iter();
    forbids.filter(is_there).collect::<Vec<_>>().join(", ")
}
