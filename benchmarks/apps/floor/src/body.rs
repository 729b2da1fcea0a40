//! Writes the steps of a page as the frames of a body.

use std::{
    convert::Infallible,
    pin::Pin,
    slice,
    task::{Context, Poll, ready},
};

use bench_workloads::schedule::monotonic_nanos;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::baked::{Content, Step, Wait};

/// The body of one response.
pub(crate) struct PageBody {
    steps: slice::Iter<'static, Step>,
    started: Instant,
    waiting: Option<Waiting>,
}

/// The wait that was started for the next step.
enum Waiting {
    Yielded,
    Timer(Pin<Box<Sleep>>),
}

impl PageBody {
    pub(crate) fn new(steps: &'static [Step]) -> Self {
        Self {
            steps: steps.iter(),
            started: Instant::now(),
            waiting: None,
        }
    }

    fn poll_wait(&mut self, wait: Wait, cx: &mut Context<'_>) -> Poll<()> {
        match (&mut self.waiting, wait) {
            (_, Wait::Nothing) => return Poll::Ready(()),
            (Some(Waiting::Yielded), _) => {}
            (Some(Waiting::Timer(timer)), _) => ready!(timer.as_mut().poll(cx)),
            (None, Wait::Yield) => {
                self.waiting = Some(Waiting::Yielded);
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            (None, Wait::Until(delay)) => {
                let mut timer = Box::pin(sleep_until(self.started + delay));
                let polled = timer.as_mut().poll(cx);
                self.waiting = Some(Waiting::Timer(timer));
                ready!(polled);
            }
        }
        self.waiting = None;
        Poll::Ready(())
    }
}

impl Body for PageBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(step) = self.steps.as_slice().first() else {
            return Poll::Ready(None);
        };
        ready!(self.poll_wait(step.wait, cx));
        self.steps.next();
        Poll::Ready(Some(Ok(Frame::data(step.content.bytes()))))
    }

    fn is_end_stream(&self) -> bool {
        self.steps.as_slice().is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.steps.as_slice() {
            [] => SizeHint::with_exact(0),
            [
                Step {
                    content: Content::Baked(only),
                    ..
                },
            ] => SizeHint::with_exact(only.len() as u64),
            _ => SizeHint::default(),
        }
    }
}

impl Content {
    fn bytes(&self) -> Bytes {
        match self {
            Self::Baked(bytes) => bytes.clone(),
            Self::Stamped(before, after) => {
                let now = monotonic_nanos().to_string();
                [&before[..], now.as_bytes(), after].concat().into()
            }
        }
    }
}
