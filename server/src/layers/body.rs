//! The body of a response on its way out: counted, and compressed.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use http_body::{Body as HttpBody, Frame, SizeHint};
use tracing::Span;

use super::access::Record;
use super::encoder::Encoder;
use crate::plain::{BoxError, Next, poll_body};

/// Bytes that are collected of a body that is there as a whole, before they leave.
const CHUNK: usize = 16 << 10;

/// A body with what the layers know of it.
pub(super) struct Outgoing {
    body: Body,
    encoder: Option<Encoder>,
    /// Whether the body is made while it is sent, so that what there is must leave at once.
    is_live: bool,
    /// Whether the encoder has bytes that were not flushed.
    is_collecting: bool,
    /// Trailers that follow the last bytes.
    trailers: Option<Frame<Bytes>>,
    ended: bool,
    record: Option<Record>,
    /// Bytes that the record is to see, if that is known from the start.
    expected: Option<u64>,
    /// Bytes that the body owes the encoder, if its header has said so. The client is told no
    /// length, so nobody else would notice that some are missing.
    owed: Option<u64>,
    span: Span,
}

impl Outgoing {
    /// A body of which a header has `declared` the length, if one has. For HEAD, and with a status
    /// that has no content, it is not sent.
    pub(super) fn new(
        body: Body,
        encoder: Option<Encoder>,
        record: Option<Record>,
        declared: Option<u64>,
        is_sent: bool,
        span: Span,
    ) -> Self {
        let exact = body.size_hint().exact();
        let (expected, owed) = match encoder {
            None if !is_sent => (Some(0), None),
            None => (exact.or(declared), None),
            Some(_) => (None, declared),
        };
        Self {
            is_live: exact.is_none(),
            is_collecting: false,
            trailers: None,
            ended: false,
            record,
            expected,
            owed,
            encoder,
            body,
            span,
        }
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Next {
        if self.encoder.is_some() {
            return self.poll_encoded(cx);
        }
        let polled = ready!(poll_body(Pin::new(&mut self.body), cx));
        self.ended = polled.is_none() || self.body.is_end_stream();
        Poll::Ready(polled)
    }

    /// The next frame, compressed.
    ///
    /// Each frame of a live body leaves flushed, and the body is not asked for more before it is
    /// taken: it sees the same demand as without compression. A body of known length, which mostly
    /// is there as a whole, is collected in chunks, until it has to be waited for.
    fn poll_encoded(&mut self, cx: &mut Context<'_>) -> Next {
        loop {
            if self.ended {
                return Poll::Ready(self.trailers.take().map(Ok));
            }
            let Some(encoder) = &mut self.encoder else {
                return Poll::Ready(None);
            };
            let polled = poll_body(Pin::new(&mut self.body), cx);
            if polled.is_pending() && std::mem::take(&mut self.is_collecting) {
                return Poll::Ready(Some(Ok(Frame::data(encoder.flush()?))));
            }
            match ready!(polled) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => {
                        encoder.write(&data)?;
                        self.owed = self.owed.map(|owed| owed.saturating_sub(data.len() as u64));
                    }
                    Err(trailers) => {
                        self.trailers = Some(trailers);
                        return self.finish();
                    }
                },
                Some(Err(error)) => {
                    self.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
                None => return self.finish(),
            }
            if self.body.is_end_stream() {
                return self.finish();
            }
            let bytes = match self.is_live {
                true => encoder.flush()?,
                false => {
                    self.is_collecting = true;
                    if encoder.len() < CHUNK {
                        continue;
                    }
                    encoder.take()
                }
            };
            // An empty frame of the body adds none.
            if !bytes.is_empty() {
                return Poll::Ready(Some(Ok(Frame::data(bytes))));
            }
        }
    }

    fn finish(&mut self) -> Next {
        self.ended = true;
        if self.owed.is_some_and(|owed| owed > 0) {
            let error = "the body of a response is shorter than its Content-Length";
            return Poll::Ready(Some(Err(error.into())));
        }
        let rest = self.encoder.take().map(Encoder::finish).transpose()?;
        Poll::Ready(rest.map(|rest| Ok(Frame::data(rest))))
    }
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Next {
        let this = &mut *self;
        let span = this.span.clone();
        let _entered = span.enter();
        let polled = this.poll_next(cx);
        if let Some(record) = &mut this.record {
            match &polled {
                Poll::Ready(Some(Ok(frame))) => {
                    record.bytes += frame.data_ref().map_or(0, Bytes::len) as u64;
                }
                Poll::Ready(Some(Err(_))) => record.failed(),
                Poll::Ready(None) | Poll::Pending => {}
            }
            if this.ended && this.trailers.is_none() {
                record.complete();
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        match self.encoder {
            Some(_) => false,
            None => self.trailers.is_none() && (self.ended || self.body.is_end_stream()),
        }
    }

    fn size_hint(&self) -> SizeHint {
        if self.encoder.is_some() {
            SizeHint::default()
        } else if self.ended {
            SizeHint::with_exact(0)
        } else {
            self.body.size_hint()
        }
    }
}

impl Drop for Outgoing {
    fn drop(&mut self) {
        if let Some(record) = &mut self.record {
            // hyper does not ask for what it knows: the end of a body of known length.
            if self
                .expected
                .is_some_and(|expected| record.bytes >= expected)
            {
                record.complete();
            }
        }
    }
}
