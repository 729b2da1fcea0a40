//! The body of a document with the script in its head.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::document::Prelude;

/// Passes frames on as they come, all but what comes before the head unchanged.
#[derive(Debug)]
pub(super) struct WithScript<B> {
    inner: B,
    /// Until the script has its place.
    prelude: Option<Prelude>,
    script: String,
}

impl<B> WithScript<B> {
    pub(super) fn new(inner: B, script: String) -> Self {
        Self {
            inner,
            prelude: Some(Prelude::default()),
            script,
        }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for WithScript<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = &mut *self;
        loop {
            let frame = ready!(Pin::new(&mut this.inner).poll_frame(cx)).transpose()?;
            let Some(prelude) = &mut this.prelude else {
                return Poll::Ready(frame.map(Ok));
            };
            let (data, is_last) = match frame.map(Frame::into_data) {
                Some(Ok(data)) => (data, this.inner.is_end_stream()),
                // Trailers say nothing of a document that a browser shows.
                Some(Err(_)) | None => (Bytes::new(), true),
            };
            if let Some(bytes) = prelude.take(&data, is_last, &this.script) {
                this.prelude = None;
                return Poll::Ready(Some(Ok(Frame::data(bytes.into()))));
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.prelude.is_none() && self.inner.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use http_body_util::BodyExt;

    use super::*;

    /// Frames, one at a poll; an error instead of data for "!".
    struct Frames(VecDeque<&'static str>);

    impl Body for Frames {
        type Data = Bytes;
        type Error = &'static str;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
            Poll::Ready(self.0.pop_front().map(|frame| match frame {
                "!" => Err("cut"),
                data => Ok(Frame::data(data.into())),
            }))
        }

        fn is_end_stream(&self) -> bool {
            self.0.is_empty()
        }
    }

    async fn frames(frames: &[&'static str]) -> Vec<String> {
        let frames = Frames(frames.iter().copied().collect());
        let mut body = WithScript::new(frames, "|".to_owned());
        let mut seen = Vec::new();
        while let Some(frame) = body.frame().await {
            seen.push(match frame {
                Ok(frame) => String::from_utf8(frame.into_data().unwrap().into()).unwrap(),
                Err(error) => format!("error: {error}"),
            });
        }
        seen
    }

    #[tokio::test]
    async fn each_frame_is_passed_on_by_itself() {
        let sent = ["<html><head><title>", "patch", "<head>"];
        assert_eq!(
            frames(&sent).await,
            ["<html><head>|<title>", "patch", "<head>"]
        );
    }

    #[tokio::test]
    async fn only_what_comes_before_the_head_waits() {
        let sent = ["<!doctype html><ht", "ml><head", "><title>", "patch"];
        let seen = ["<!doctype html><html><head>|<title>", "patch"];
        assert_eq!(frames(&sent).await, seen);
        assert_eq!(frames(&["<!-- never closed"]).await, ["<!-- never closed"]);
        assert_eq!(frames(&["<html>", ""]).await, ["<html>"]);
    }

    #[tokio::test]
    async fn a_body_that_is_cut_is_a_cut_one() {
        assert_eq!(frames(&["<p>", "!"]).await, ["|<p>", "error: cut"]);
    }
}
