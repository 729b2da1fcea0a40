//! Out-of-order streaming, written by hand for this one app.
//!
//! A handler opens boundaries on a [`Scope`] while it renders; what it gets back is a placeholder.
//! [`Scope::respond`] sends the page so far, then a [`Patches`] stream polls what is pending and
//! writes each content that is ready as a template.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use axum::{
    body::Body,
    http::header,
    response::{IntoResponse, Response},
};
use bench_workloads::{
    pages::TAIL,
    wire::{TRIGGER, placeholder, write_patch},
};
use bytes::Bytes;
use futures_util::{
    FutureExt, Stream, StreamExt, future::BoxFuture, stream, stream::FuturesUnordered,
};
use maud::Markup;

/// How patches are framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frames {
    /// Patches that are ready together share one.
    Joined,
    /// Every patch has one.
    Single,
}

/// The boundaries that one piece of a page opened while it rendered.
pub(crate) struct Scope {
    frames: Frames,
    names: Arc<AtomicUsize>,
    opened: Vec<BoxFuture<'static, Patch>>,
}

/// The content of a boundary, and the boundaries inside it.
struct Patch {
    name: usize,
    content: Markup,
    opened: Vec<BoxFuture<'static, Patch>>,
}

impl Scope {
    pub(crate) fn new(frames: Frames) -> Self {
        Self::with_names(frames, Arc::default())
    }

    fn with_names(frames: Frames, names: Arc<AtomicUsize>) -> Self {
        Self {
            frames,
            names,
            opened: Vec::new(),
        }
    }

    /// Opens a boundary around `content` and returns its placeholder.
    pub(crate) fn boundary<F>(&mut self, loading: &Markup, content: F) -> Markup
    where
        F: Future<Output = Markup> + Send + 'static,
    {
        self.nesting(loading, |scope| async { (content.await, scope) })
    }

    /// Like [`Self::boundary`], for content that opens boundaries of its own on the scope that it
    /// is given, and gives that back.
    pub(crate) fn nesting<F>(&mut self, loading: &Markup, content: impl FnOnce(Self) -> F) -> Markup
    where
        F: Future<Output = (Markup, Self)> + Send + 'static,
    {
        let name = self.names.fetch_add(1, Ordering::Relaxed);
        let content = content(Self::with_names(self.frames, Arc::clone(&self.names)));
        let patch = content.map(move |(content, scope)| Patch {
            name,
            content,
            opened: scope.opened,
        });
        self.opened.push(patch.boxed());
        placeholder(name, loading)
    }

    /// Sends `document` at once and then what was opened on this scope, in completion order.
    pub(crate) fn respond(self, document: Markup) -> Response {
        let mut shell = document.into_string();
        // Patches are children of the body, so the body ends after the last of them.
        shell.truncate(shell.len() - TAIL.len());
        let patches = Patches {
            frames: self.frames,
            pending: self.opened.into_iter().collect(),
        };
        let frames = stream::iter([Bytes::from(shell)])
            .chain(patches)
            .map(Ok::<_, Infallible>);
        let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        (headers, Body::from_stream(frames)).into_response()
    }
}

/// The frames that follow the shell.
struct Patches {
    frames: Frames,
    pending: FuturesUnordered<BoxFuture<'static, Patch>>,
}

impl Stream for Patches {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.pending.is_empty() {
            return Poll::Ready(None);
        }
        let mut frame = String::new();
        while let Poll::Ready(Some(patch)) = self.pending.poll_next_unpin(cx) {
            write_patch(&mut frame, patch.name, &patch.content);
            self.pending.extend(patch.opened);
            if self.frames == Frames::Single {
                break;
            }
        }
        if frame.is_empty() {
            return Poll::Pending;
        }
        frame.push_str(TRIGGER);
        if self.pending.is_empty() {
            frame.push_str(TAIL);
        }
        Poll::Ready(Some(frame.into()))
    }
}
