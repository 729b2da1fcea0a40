//! The body of a page: frames, and who drives while they are made.
//!
//! The server drives by polling the body. When it stops because the client does not read, the
//! components are driven by a [stand-in](crate::stand_in), a task that lasts until the server is
//! back or the body is dropped: work that has been started comes to its end, and gives back what
//! it holds.

use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::meter::OpenStream;
use crate::scheduler::Scheduler;
use crate::signal::Signal;
use crate::stand_in::StandIn;

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

    pub(crate) fn stream(shell: String, drive: Arc<Drive>) -> Self {
        Self(Kind::Stream(Stream::new(shell, drive)))
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
    drive: Arc<Drive>,
    ended: bool,
    open: OpenStream,
}

/// A response, as it is driven: by the handler to its commit point, then by the server and a
/// stand-in in turns.
pub(crate) struct Drive {
    /// A std mutex: a turn awaits nothing. It is contended only when the server comes back in
    /// the middle of a stand-in's turn.
    scheduler: Mutex<Scheduler>,
    pub(crate) signal: Arc<Signal>,
}

impl Stream {
    fn new(shell: String, drive: Arc<Drive>) -> Self {
        drive.signal.hand_over(StandIn::new(&drive));
        Self {
            shell: Some(shell),
            drive,
            ended: false,
            open: OpenStream::new(),
        }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let frame = self.poll_open(cx);
        if self.ended {
            self.open.end();
        }
        frame
    }

    fn poll_open(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let signal = &self.drive.signal;
        let mut scheduler = self.drive.scheduler();
        if let Some(shell) = self.shell.take() {
            // The components had their first turn before the commit point.
            self.ended = scheduler.is_finished();
            signal.skip_turn();
            return Poll::Ready(Some(shell.into()));
        }
        // hyper asks for more behind each frame, and once again when it has written it.
        if scheduler.only_waits() && !signal.has_stand_in() && signal.waits_without_turn(cx) {
            return Poll::Pending;
        }
        signal.begin(cx);
        signal.dismiss_stand_in();
        scheduler.turn();
        let frame = scheduler.next_frame();
        // Before every wait, and a frame may be followed by one.
        scheduler.watch_the_clock();
        let frame = frame.or_else(|| scheduler.next_frame());
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
        self.drive.signal.dismiss_stand_in();
    }
}

impl Drive {
    pub(crate) fn new(scheduler: Scheduler) -> Arc<Self> {
        Arc::new(Self {
            signal: scheduler.signal().clone(),
            scheduler: Mutex::new(scheduler),
        })
    }

    pub(crate) fn scheduler(&self) -> MutexGuard<'_, Scheduler> {
        self.scheduler
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Drives until nothing is running, or the server has polled again since `polls`.
    pub(crate) fn poll_as_stand_in(&self, polls: usize, cx: &mut Context<'_>) -> Poll<()> {
        let mut scheduler = self.scheduler();
        if !self.signal.begin_as_stand_in(polls, cx) {
            return Poll::Ready(());
        }
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
