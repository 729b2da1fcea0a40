//! From a page's future to its commit point: status, headers, and the first bytes.
//!
//! Until then nothing has been sent, so an error, a redirect or a cookie is a real one. At the
//! commit point the shell is complete, and so is every boundary if the page is sent whole.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::panic::Location;
use std::task::Poll;

use anabranch_boundaries::{Error, Registration, Result};
use anabranch_html::csp::Nonce;
use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, StatusCode};

use crate::failure;
use crate::job::ComponentFuture;
use crate::scheduler::Scheduler;
use crate::write::Writer;
use crate::{Audience, PageBody, ResponseParts, Settings};

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
    /// What logs call the page.
    pub name: Option<Cow<'static, str>>,
    /// What logs call it if it has no name.
    pub call_site: &'static Location<'static>,
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
pub async fn render(visit: Visit, page: impl Future<Output = Result> + Send + 'static) -> Rendered {
    let parts = visit.parts.clone();
    let page = Box::new(Registration::new(page, visit.call_site)) as Box<Registration>;
    let mut scheduler = start(&visit, Box::into_pin(page));
    reach_commit_point(&mut scheduler, &visit.audience).await;
    let (status, headers) = parts.map(|parts| parts.commit()).unwrap_or_default();
    if let Some(error) = scheduler.take_page_error() {
        failure::log_page(&error);
        return failed(&error, headers, scheduler.settings());
    }
    let body = if scheduler.tree.running() == 0 {
        PageBody::whole(scheduler.whole())
    } else {
        let shell = scheduler.shell();
        // Deadlines hold also for a body that nobody polls.
        scheduler.watch_the_clock();
        PageBody::stream(shell, scheduler)
    };
    Rendered {
        status: status.unwrap_or_default(),
        headers,
        body,
    }
}

fn start(visit: &Visit, page: ComponentFuture) -> Scheduler {
    let writer = Writer::new(visit.nonce.clone());
    let span = tracing::info_span!("page", name = visit.name.as_deref(), at = %visit.call_site);
    Scheduler::new(visit.settings.clone(), writer, page, visit.call_site, span)
}

async fn reach_commit_point(scheduler: &mut Scheduler, audience: &Audience) {
    let signal = scheduler.signal().clone();
    let mut wait = Wait::ForPage;
    std::future::poll_fn(|cx| {
        signal.begin(cx);
        scheduler.turn();
        loop {
            wait = wait.next(scheduler, audience);
            if wait == Wait::Over {
                return Poll::Ready(());
            }
            let running = scheduler.tree.running();
            scheduler.watch_the_clock();
            // Time may have put an end to the wait.
            if scheduler.tree.running() == running && wait.next(scheduler, audience) == wait {
                signal.end_waiting();
                return Poll::Pending;
            }
        }
    })
    .await;
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
    if let Some(location) = error.location().and_then(header_of_url) {
        headers.insert(LOCATION, location);
    }
    Rendered {
        status: error.status(),
        headers,
        body: PageBody::whole(failure::page(settings.values(), error)),
    }
}

/// A URL as a header value: what is not ASCII is percent-encoded.
fn header_of_url(url: &str) -> Option<HeaderValue> {
    let mut ascii = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() {
            ascii.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(ascii, "%{byte:02X}");
        }
    }
    HeaderValue::from_str(&ascii).ok()
}
