//! The body of a page: frames, and who drives while they are made.
//!
//! The server drives by polling the body. When it stops because the client does not read, the
//! components are driven by a stand-in, a task that lasts until the server is back or the body
//! is dropped: work that has been started comes to its end, and gives back what it holds.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::scheduler::Scheduler;
use crate::signal::Signal;

/// Body of a page's response.
///
/// # Cancel safety
/// Dropping it drops every component that is still running.
pub struct PageBody(Kind);

enum Kind {
    /// The page in one frame.
    Whole(Option<Bytes>),
    Stream(Stream),
}

impl PageBody {
    pub(crate) fn whole(page: String) -> Self {
        Self(Kind::Whole(Some(page.into())))
    }

    pub(crate) fn stream(shell: String, scheduler: Scheduler) -> Self {
        Self(Kind::Stream(Stream::new(shell, scheduler)))
    }

    /// Whether content follows the first frame.
    #[must_use]
    pub fn is_stream(&self) -> bool {
        matches!(self.0, Kind::Stream(_))
    }

    /// The page, if it is whole.
    #[must_use]
    pub fn into_whole(self) -> Option<Bytes> {
        match self.0 {
            Kind::Whole(page) => page,
            Kind::Stream(_) => None,
        }
    }
}

impl Body for PageBody {
    type Data = Bytes;
    type Error = Infallible;

    /// The next frame.
    ///
    /// `Pending` if no boundary is ready: one that becomes ready wakes. All that is ready leaves
    /// in one frame. `Ready(Some(Err))` never happens: a boundary that fails is a patch.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let frame = match &mut self.0 {
            Kind::Whole(page) => Poll::Ready(page.take()),
            Kind::Stream(stream) => stream.poll_next(cx),
        };
        frame.map(|bytes| bytes.map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Whole(page) => page.is_none(),
            Kind::Stream(stream) => stream.ended,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Whole(page) => SizeHint::with_exact(page.as_ref().map_or(0, Bytes::len) as u64),
            Kind::Stream(_) => SizeHint::default(),
        }
    }
}

impl fmt::Debug for PageBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageBody")
            .field("is_stream", &self.is_stream())
            .field("is_end_stream", &self.is_end_stream())
            .finish()
    }
}

/// A page with boundaries that are still running.
struct Stream {
    /// The first frame, until it is taken.
    shell: Option<String>,
    shared: Arc<Shared>,
    ended: bool,
}

/// What the server and a stand-in take turns with.
struct Shared {
    /// A std mutex: a turn awaits nothing. It is contended only when the server comes back in
    /// the middle of a stand-in's turn.
    scheduler: Mutex<Scheduler>,
    signal: Arc<Signal>,
    /// How often the server has polled, by which a stand-in knows that it is back.
    polls: AtomicUsize,
    has_stand_in: AtomicBool,
    stand_in: Mutex<Option<AbortHandle>>,
}

impl Stream {
    fn new(shell: String, scheduler: Scheduler) -> Self {
        let shared = Arc::new(Shared {
            signal: scheduler.signal().clone(),
            scheduler: Mutex::new(scheduler),
            polls: AtomicUsize::new(0),
            has_stand_in: AtomicBool::new(false),
            stand_in: Mutex::new(None),
        });
        shared.signal.set_stand_in(StandIn {
            shared: Arc::downgrade(&shared),
            runtime: Handle::current(),
        });
        Self {
            shell: Some(shell),
            shared,
            ended: false,
        }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.ended {
            return Poll::Ready(None);
        }
        self.shared.polls.fetch_add(1, Ordering::SeqCst);
        self.shared.dismiss_stand_in();
        let signal = &self.shared.signal;
        let mut scheduler = self.shared.scheduler();
        let frame = match self.shell.take() {
            // The components had their first turn before the commit.
            Some(shell) => Some(shell),
            None => {
                signal.begin(cx);
                scheduler.turn();
                scheduler.next_frame().or_else(|| {
                    scheduler.watch_the_clock();
                    scheduler.next_frame()
                })
            }
        };
        self.ended = scheduler.is_finished();
        match frame {
            Some(frame) => {
                signal.end_offering();
                Poll::Ready(Some(frame.into()))
            }
            None if self.ended => Poll::Ready(None),
            None => {
                signal.end_waiting();
                Poll::Pending
            }
        }
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.shared.dismiss_stand_in();
    }
}

impl Shared {
    fn scheduler(&self) -> MutexGuard<'_, Scheduler> {
        self.scheduler
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn dismiss_stand_in(&self) {
        if self.has_stand_in.swap(false, Ordering::SeqCst) {
            let mut stand_in = self.stand_in.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(task) = stand_in.take() {
                task.abort();
            }
        }
    }

    /// Drives until nothing is running, or the server has polled again since `polls`.
    fn poll_as_stand_in(&self, polls: usize, cx: &mut Context<'_>) -> Poll<()> {
        let mut scheduler = self.scheduler();
        if self.polls.load(Ordering::SeqCst) != polls {
            return Poll::Ready(());
        }
        self.signal.begin(cx);
        scheduler.turn();
        scheduler.watch_the_clock();
        self.signal.end_waiting();
        if scheduler.tree.running() == 0 {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    }
}

/// Calls in a task to drive a page whose server has stopped polling.
pub(crate) struct StandIn {
    /// Weak, because the components' wakers lead here: a strong one would keep them alive.
    shared: Weak<Shared>,
    /// The wake may come from a thread outside the runtime.
    runtime: Handle,
}

impl StandIn {
    pub(crate) fn call_in(&self) {
        let Some(shared) = self.shared.upgrade() else {
            return;
        };
        let mut stand_in = shared
            .stand_in
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if shared.has_stand_in.swap(true, Ordering::SeqCst) {
            return;
        }
        let polls = shared.polls.load(Ordering::SeqCst);
        let driven = shared.clone();
        let task = self.runtime.spawn(std::future::poll_fn(move |cx| {
            driven.poll_as_stand_in(polls, cx)
        }));
        *stand_in = Some(task.abort_handle());
    }
}
