//! Tests a page without a browser: its response, frame by frame, on paused time.
//!
//! A [`StreamTest`] asks an app, any [`tower::Service`] such as an `axum::Router`, for a page and
//! holds every boundary of it until the test releases it by its name. So each step of the response
//! is caused by the test.
//!
//! ```
//! use anabranch::prelude::*;
//! use anabranch_paint::StreamTest;
//! # fn app() -> axum::Router { axum::Router::new().route("/", axum::routing::get(page(home))) }
//!
//! async fn home() -> Result {
//!     let visits = async { Ok(html! { p { "1,024 visits" } }) };
//!     Ok(html! {
//!         h1 { "Home" }
//!         (boundary(visits).name("visits").loading(html! { p { "Counting…" } }))
//!     })
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
//! // #[tokio::test(start_paused = true)]
//! let mut page = StreamTest::get(app(), "/").await;
//! assert_eq!(page.status_at_commit(), 200);
//! assert_eq!(page.shell(), "<h1>Home</h1><p>Counting…</p>");
//!
//! page.release("visits");
//! assert_eq!(page.next_patch().await.html, "<p>1,024 visits</p>");
//! page.final_dom_equals_whole_mode().await;
//! # }
//! ```
//!
//! # Time
//! Tests run on paused time, which is a feature of tokio's `test-util`: it passes only while
//! everything waits for it, so a missed deadline is tested at once. Where an app waits for what
//! tokio does not know of, such as a socket or a thread of its own, it seems to wait for time, and
//! deadlines come first: such data is replaced in tests.
//!
//! # Readers
//! A `StreamTest` reads only while one of its methods waits. [`StreamTest::advance`] reads on as a
//! browser does; [`StreamTest::advance_without_reading`] is a slow reader. Dropping it is a reader
//! that leaves, and [`disconnect_at_every_await`] is one that leaves at every possible point.
//! [`in_every_order`] reads the page once for every order in which its boundaries may complete.
//!
//! # Messages
//! Assertions panic with the frames that were read and the state of every boundary. All that was
//! read is left in the target folder, under `paint/<test>/`, which the message names.

mod disconnect;
mod holds;
mod message;
mod orders;
mod read;
mod record;
mod request;
mod wire;

use std::fmt;
use std::ops::Range;
use std::panic::Location;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use tokio::time::{Instant, sleep, timeout, timeout_at};
use tower::{BoxError, Service};

pub use disconnect::{Disconnect, disconnect_at_every_await};
pub use orders::{Orders, in_every_order};
pub use request::StreamRequest;

use crate::dom;
use read::{A_DAY, is_of_head};
use record::{Known, Record, State};
use wire::Wire;

/// A page as its reader receives it. The [module](self) tells how to use it.
pub struct StreamTest {
    request: StreamRequest,
    record: Arc<Record>,
    status: StatusCode,
    headers: HeaderMap,
    body: Body,
    end: End,
    bytes: Vec<u8>,
    wire: Wire,
    /// Where each frame stands in the text.
    frames: Vec<Range<usize>>,
    shell: String,
    /// How many patches were handed out, those of the head included.
    taken: usize,
}

/// How a response ends.
enum End {
    Open,
    Ended,
    Broken(String),
}

/// A patch: the content of one boundary, with all that was ready inside of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Patch {
    /// The name of its boundary, or where that was made: `path:line:column`.
    pub name: String,
    /// What the boundary is called in this response.
    pub wire_name: String,
    /// The content as it was sent, without markers of boundaries inside.
    pub html: String,
}

impl StreamTest {
    /// Asks `app` for `path`. Await it, or add headers and the like first.
    ///
    /// # Panics
    /// When it is awaited and the app fails, which a router does not.
    #[track_caller]
    pub fn get<S, B>(app: S, path: &str) -> StreamRequest
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        StreamRequest::get(app, path)
    }

    /// The status, which is fixed at the commit point.
    #[must_use]
    pub fn status_at_commit(&self) -> StatusCode {
        self.status
    }

    /// The headers, which are fixed at the commit point.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// One of the headers, as text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the first frame shows: the page with its loading views, without the markers, the
    /// script and the padding of the stream.
    #[must_use]
    pub fn shell(&self) -> &str {
        &self.shell
    }

    /// The loading view of a boundary, as it was sent, while it stands in the page.
    #[must_use]
    pub fn loading_view(&self, name: &str) -> Option<String> {
        let mut shown = self.record.named(name).into_iter();
        shown.find_map(|known| self.wire.view(known.wire_name.as_deref()?))
    }

    /// Asserts that the page shows the loading view of a boundary.
    ///
    /// # Panics
    /// When it does not, or that view is empty.
    #[track_caller]
    pub fn shows_loading(&self, name: &str) {
        if self.loading_view(name).is_none_or(|view| view.is_empty()) {
            let why = match self.record.named(name).last() {
                Some(known) => known.to_string(),
                None => self.why_not_rendered(name),
            };
            let what = format_args!("the page shows no loading view of {name:?}: {why}");
            self.fail(Location::caller(), what);
        }
    }

    /// Lets a boundary go on. It may be one that is rendered later. Without a name of its own it
    /// is known by where it was made: `page.rs:12`.
    pub fn release(&self, name: &str) {
        self.record.holds.release(name);
    }

    /// Lets every boundary go on, now and later.
    pub fn release_all(&self) {
        self.record.holds.release_all();
    }

    /// Whether the component of a boundary has come to its end, well or not. What it made may
    /// not have been read yet.
    #[must_use]
    pub fn is_complete(&self, name: &str) -> bool {
        let is_complete = |known: &Known| matches!(known.state, State::Complete | State::Failed(_));
        let named = self.record.named(name);
        !named.is_empty() && named.iter().all(is_complete)
    }

    /// Waits for the next patch. Those that arrive in one frame are handed out one by one.
    /// Patches of the head are none, and neither are signs of life.
    ///
    /// # Panics
    /// When the response ends without one, when every boundary that is left is held, and after a
    /// day.
    #[track_caller]
    pub fn next_patch(&mut self) -> impl Future<Output = Patch> {
        let at = Location::caller();
        async move {
            let late = Instant::now() + A_DAY;
            loop {
                if let Some(patch) = self.take_patch() {
                    return patch;
                }
                if let Some(held) = self.record.only_held() {
                    let held = held.join(", ");
                    self.fail(at, format_args!("no patch is on its way: held are {held}"));
                }
                match timeout_at(late, self.read()).await {
                    Ok(true) => {}
                    Ok(false) => self.fail(at, "there is no further patch"),
                    Err(_) => self.fail(at, "no patch has arrived in a day"),
                }
            }
        }
    }

    /// How many patches have arrived and were not handed out, once nothing more can happen.
    pub async fn patches_waiting(&mut self) -> usize {
        self.come_to_rest().await;
        let rest = self.wire.patches[self.taken..].iter();
        rest.filter(|patch| !is_of_head(&patch.name)).count()
    }

    /// Whether the response is open and has nothing to hand out, once nothing more can happen.
    pub async fn is_waiting(&mut self) -> bool {
        self.patches_waiting().await == 0 && matches!(self.end, End::Open)
    }

    /// Lets time pass while the reader reads on.
    pub async fn advance(&mut self, time: Duration) {
        // An error means that the time has passed.
        let _ = timeout(time, async {
            while self.read().await {}
            std::future::pending::<()>().await;
        })
        .await;
    }

    /// Lets time pass while the reader reads nothing, as one behind a full socket.
    pub async fn advance_without_reading(&mut self, time: Duration) {
        sleep(time).await;
    }

    /// Releases what is held, and reads to the end.
    ///
    /// # Panics
    /// When the response breaks off, or goes on for a day.
    #[track_caller]
    pub fn finish(&mut self) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move { self.read_to_the_end(at).await }
    }

    /// The document as it is now, in the notation of [`dom`]: with the patches that
    /// have arrived, and with loading views where they have not.
    ///
    /// # Panics
    /// When the response breaks a rule of the wire, such as a patch that has no place.
    #[must_use]
    #[track_caller]
    pub fn dom(&self) -> String {
        self.document(Location::caller())
    }

    /// Asks for the page once more, in one piece as bots get it. Nothing of that one is held.
    pub async fn whole(&self) -> Self {
        Self::open_whole(self.request.clone()).await
    }

    /// Finishes, and asserts that the document is then the one that bots get in one piece.
    ///
    /// # Panics
    /// When it is not, and when they are led elsewhere by a redirect.
    #[track_caller]
    pub fn final_dom_equals_whole_mode(&mut self) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            self.read_to_the_end(at).await;
            let whole = self.whole().await;
            let expected = whole.whole_document(at);
            if let Some(difference) = dom::first_difference(&self.document(at), &expected) {
                let what = "the streamed page does not end up as the one in one piece";
                self.fail(at, format_args!("{what}: {difference}"));
            }
        }
    }

    /// Everything that was received, frame by frame, as it was sent.
    pub fn frames(&self) -> impl Iterator<Item = &str> {
        let frames = self.frames.iter();
        frames.map(|frame| &self.wire.text()[frame.clone()])
    }

    /// Everything that was received.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for StreamTest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StreamTest")
            .field("request", &self.request)
            .field("status", &self.status)
            .field("frames", &self.frames.len())
            .finish_non_exhaustive()
    }
}
