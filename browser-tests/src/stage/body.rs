//! A response body that writes down what passes through it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame as BodyFrame, SizeHint};

use super::Stage;
use super::record::{Frame, Moment};

/// The body of one visit.
pub(super) struct Recorded {
    body: Body,
    stage: Stage,
    visit: usize,
}

impl Recorded {
    pub(super) fn new(body: Body, stage: Stage, visit: usize) -> Self {
        Self { body, stage, visit }
    }
}

impl HttpBody for Recorded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<BodyFrame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            let (at, bytes) = (Moment::now(), bytes.clone());
            self.stage
                .note(self.visit, |visit| visit.frames.push(Frame { at, bytes }));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Recorded {
    fn drop(&mut self) {
        self.stage
            .note(self.visit, |visit| visit.ended = Some(Moment::now()));
    }
}
