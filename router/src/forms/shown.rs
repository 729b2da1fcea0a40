//! What a page shows of the form that it is shown again for.
//!
//! A message shows where the page asks for it, by the name of its field. One whose name the page
//! never says is lost, which a debug build warns of when the page is complete: only then have its
//! boundaries asked, too.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

use super::message::Message;

/// What the states of one form have been asked for, in all parts of its page.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown(Arc<Asked>);

#[derive(Debug, Default)]
struct Asked {
    /// Whether the page has taken a state.
    taken: AtomicBool,
    /// Whether it has asked for all messages.
    all: AtomicBool,
    /// The fields whose messages it has asked for; `None` is the form as a whole.
    fields: Mutex<BTreeSet<Option<String>>>,
}

impl Shown {
    pub(super) fn take(&self) {
        self.0.taken.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_taken(&self) -> bool {
        self.0.taken.load(Ordering::Relaxed)
    }

    pub(super) fn ask(&self, field: Option<&str>) {
        if cfg!(debug_assertions) {
            let mut fields = self.0.fields.lock().unwrap_or_else(PoisonError::into_inner);
            fields.insert(field.map(str::to_owned));
        }
    }

    pub(super) fn ask_for_all(&self) {
        self.0.all.store(true, Ordering::Relaxed);
    }

    /// The fields with messages that nobody has asked for.
    fn missed<'m>(&self, messages: &'m [Message]) -> BTreeSet<&'m Option<String>> {
        if self.0.all.load(Ordering::Relaxed) {
            return BTreeSet::new();
        }
        let asked = self.0.fields.lock().unwrap_or_else(PoisonError::into_inner);
        let fields = messages.iter().map(|message| &message.field);
        fields.filter(|field| !asked.contains(*field)).collect()
    }
}

/// The body of a page that shows a form again. At its end it warns of what was not shown; a body
/// that is dropped before has not shown everything, and is no mistake.
pub(super) struct ShownAgain {
    pub(super) body: Body,
    pub(super) route: &'static str,
    pub(super) form: &'static str,
    /// Empty when the warning is given.
    pub(super) messages: Vec<Message>,
    pub(super) shown: Shown,
}

impl ShownAgain {
    fn warn(&mut self) {
        let messages = std::mem::take(&mut self.messages);
        let (route, form) = (self.route, self.form);
        for field in self.shown.missed(&messages) {
            match field {
                Some(field) => tracing::warn!(
                    route,
                    form,
                    field,
                    "a message of a form is not shown: the page asks for none of a field of this \
                     name"
                ),
                None => tracing::warn!(
                    route,
                    form,
                    "a message about a form as a whole is not shown: the page does not call \
                     form_message()"
                ),
            }
        }
    }
}

impl HttpBody for ShownAgain {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        // Nobody polls again behind the last frame.
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.warn();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
