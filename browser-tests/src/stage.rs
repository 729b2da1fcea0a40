//! A test's hold on an app: gates in front of its boundaries, and a record of what happened.
//!
//! Needs the feature `browser`.
//!
//! The stage is one layer around the app. It puts an [`Observer`](anabranch_engine::Observer)
//! into each request, so nothing in the app changes, and an app without the layer pays nothing.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anabranch_engine::{Gate, Monitor};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HeaderValue, USER_AGENT};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::sync::watch;

use self::body::Recorded;
use self::gates::Released;
pub use self::record::{Awaited, BoundaryRecord, Frame, Happened, Moment, VisitRecord};
use self::watcher::Watcher;

mod body;
mod gates;
mod record;
mod watcher;

/// A test's hold on an app: gates in front of its boundaries by name, and a record of what
/// happened. Clones are the same stage.
///
/// A boundary is known by the name that it was given, else by its call site, of which the end of
/// the path will do: `"page.rs:12"`. A gate that was opened stays open, for all visits.
///
/// Each view is marked too. The element whose paint a browser reports gets
/// `elementtiming="revenue"` in the content of the boundary "revenue", `"loading revenue"` in its
/// loading view, and `"shell"` in the page itself. See [`Mark`](crate::mark::Mark).
///
/// ```
/// # use anabranch::prelude::*;
/// # use axum::{Router, body::Body, http::Request, routing::get};
/// # use tower::ServiceExt;
/// use anabranch_paint::Stage;
///
/// async fn home() -> Result {
///     Ok(html! { (boundary(sales()).name("sales").loading(html! { p { "Adding up…" } })) })
/// }
/// # async fn sales() -> Result { Ok(html! { p { "1,024" } }) }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let stage = Stage::new();
/// let app = stage.wrap(Router::new().route("/", get(page(home))));
///
/// let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
/// assert!(stage.visits()[0].boundary("sales").unwrap().is_held()); // although it is ready at once
/// stage.release("sales");
/// let page = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
/// # let page = String::from_utf8(page.to_vec()).unwrap();
/// assert!(page.contains(r#"<p elementtiming="sales">1,024</p>"#));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Stage(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    released: watch::Sender<Released>,
    // std's Mutex, because nothing is awaited while it is held.
    visits: Mutex<Vec<VisitRecord>>,
    /// Told of every change of `visits`.
    changed: Condvar,
}

impl Stage {
    /// Every boundary is held until it is released: so each loading view shows, and a page that
    /// needs its boundaries before its first byte shows that it does.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "`free` is as much a default")]
    pub fn new() -> Self {
        Self::with(Released::default())
    }

    /// Nothing is held, all is recorded.
    #[must_use]
    pub fn free() -> Self {
        Self::with(Released::everything())
    }

    fn with(released: Released) -> Self {
        Self(Arc::new(Shared {
            released: watch::Sender::new(released),
            visits: Mutex::default(),
            changed: Condvar::new(),
        }))
    }

    /// The app with the stage around it.
    pub fn wrap(&self, app: Router) -> Router {
        app.layer(middleware::from_fn_with_state(self.clone(), observe))
    }

    /// Opens the gate of every boundary of this name, now or later rendered.
    pub fn release(&self, name: &str) {
        self.open(|released| released.open(name));
    }

    /// Opens all gates.
    pub fn release_all(&self) {
        self.open(|released| *released = Released::everything());
    }

    fn open(&self, change: impl FnOnce(&mut Released)) {
        let mut visits = self.lock();
        self.0.released.send_modify(change);
        let released = self.0.released.borrow();
        let boundaries = visits.iter_mut().flat_map(|visit| &mut visit.boundaries);
        for boundary in boundaries.filter(|boundary| boundary.held) {
            boundary.held = !released.lets_through(boundary.name.as_deref(), &boundary.call_site);
        }
        self.0.changed.notify_all();
    }

    /// Shuts the gate of every boundary of this name that is rendered from now on.
    pub fn hold(&self, name: &str) {
        self.0.released.send_modify(|released| released.shut(name));
    }

    /// What happened so far: one record for each request, in the order of the requests.
    #[must_use]
    pub fn visits(&self) -> Vec<VisitRecord> {
        self.lock().clone()
    }

    /// Waits until something holds of the visits, or the time is over. True if it holds.
    ///
    /// It blocks the thread, as a test with a browser does; the app runs on its server's.
    pub fn wait_until(
        &self,
        limit: Duration,
        mut holds: impl FnMut(&[VisitRecord]) -> bool,
    ) -> bool {
        let changed = &self.0.changed;
        let waited = changed.wait_timeout_while(self.lock(), limit, |visits| !holds(visits));
        let (_visits, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        !timeout.timed_out()
    }

    /// A gate for a boundary that is held.
    fn gate(&self, name: Option<&str>, call_site: &str) -> Option<Gate> {
        let mut released = self.0.released.subscribe();
        let is_open = released.borrow().lets_through(name, call_site);
        if is_open {
            return None;
        }
        let (name, call_site) = (name.map(str::to_owned), call_site.to_owned());
        Some(Box::pin(async move {
            let opens = |released: &Released| released.lets_through(name.as_deref(), &call_site);
            // It ends by the gate, or with the stage.
            let _ = released.wait_for(opens).await;
        }))
    }

    /// Opens a record. Returns its number.
    fn begin(&self, request: &Request) -> usize {
        let mut visits = self.lock();
        let number = visits.len();
        let path = request.uri().path_and_query();
        visits.push(VisitRecord::begin(
            number,
            path.map_or("/", |path| path.as_str()),
        ));
        number
    }

    /// Writes into a record.
    fn note(&self, visit: usize, write: impl FnOnce(&mut VisitRecord)) {
        if let Some(visit) = self.lock().get_mut(visit) {
            write(visit);
        }
        self.0.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<VisitRecord>> {
        self.0.visits.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reader with this in its `User-Agent` finds all gates open. It is a bot's, so it gets the
/// page whole.
pub(crate) const WHOLE_READER: &str = "anabranch-paint whole-page bot";

/// By which a page in a browser knows its visit: `Server-Timing: visit;desc="0"`.
pub(crate) const VISIT: &str = "visit";

/// The layer: observes whatever page answers the request, and records the bytes of its response.
async fn observe(
    axum::extract::State(stage): axum::extract::State<Stage>,
    mut request: Request,
    next: Next,
) -> Response {
    let visit = stage.begin(&request);
    let agent = request.headers().get(USER_AGENT);
    let free = agent.is_some_and(|agent| contains(agent, WHOLE_READER));
    let monitor = request
        .extensions_mut()
        .get_or_insert_default::<Monitor>()
        .clone();
    monitor.observe(Arc::new(Watcher::new(stage.clone(), visit, free)));

    let mut response = next.run(request).await;

    let status = response.status().as_u16();
    stage.note(visit, |record| record.status = Some(status));
    if let Ok(value) = HeaderValue::try_from(format!("{VISIT};desc=\"{visit}\"")) {
        response.headers_mut().append("server-timing", value);
    }
    let kind = response.headers().get(CONTENT_TYPE);
    if kind.is_some_and(|kind| contains(kind, "text/html")) {
        response.map(|body| Body::new(Recorded::new(body, stage, visit)))
    } else {
        response
    }
}

fn contains(value: &HeaderValue, text: &str) -> bool {
    value.to_str().is_ok_and(|value| value.contains(text))
}
