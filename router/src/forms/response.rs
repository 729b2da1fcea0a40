//! A form with mistakes as a response: the page again, or the messages alone.

use std::collections::BTreeMap;
use std::fmt::Write;

use anabranch_boundaries::Error;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Extensions, StatusCode};

use super::FormState;
use super::shown::{Shown, ShownAgain};
use super::state::Submitted;

/// Asks for the page beside the form to be shown again, as an extension of a 422 response.
///
/// A page that is rendered with the form's state in the extensions of its request finds it by the
/// [`FormState`] among its arguments. A response without this extension is complete as it is.
#[derive(Clone, Debug)]
pub struct Rerender {
    submitted: Submitted,
    shown: Shown,
}

impl Rerender {
    /// Puts the state of the form among the extensions of the page's request.
    pub fn insert_into(&self, extensions: &mut Extensions) {
        if let Some(form) = self.submitted.form {
            (form.insert)(self.submitted.clone(), extensions);
            extensions.insert(self.shown.clone());
        }
    }

    /// Warns if the page has not taken the state, or could not, since it shows an empty form then,
    /// without a word. In debug builds the page also warns, at its end, of messages that it has not shown.
    pub(crate) fn watch(self, route: &'static str, page: Response) -> Response {
        let Some(form) = self.submitted.form.map(|form| form.name) else {
            tracing::warn!(
                route,
                "a form with mistakes in it shows without its messages: its handler rejects a \
                 FormState::default(), which nobody has sent; take a Form, or make one of the \
                 fields by Form::from_fields",
            );
            return page;
        };
        if !self.shown.is_taken() {
            tracing::warn!(
                route,
                form,
                "a form with mistakes in it shows without its messages: the page beside its \
                 handler takes no FormState of this type; a file that two others have as a module \
                 (`mod form;`) makes two types",
            );
            return page;
        }
        if !cfg!(debug_assertions) {
            return page;
        }
        page.map(|body| {
            Body::new(ShownAgain {
                body,
                route,
                form,
                messages: self.submitted.messages,
                shown: self.shown,
            })
        })
    }
}

/// 422, with the messages as text; as JSON for a client that accepts that and no page.
impl<T> IntoResponse for FormState<T> {
    fn into_response(self) -> Response {
        self.submitted.into_response()
    }
}

impl IntoResponse for Submitted {
    fn into_response(self) -> Response {
        let (media_type, body) = if self.json {
            ("application/json", json(&self))
        } else {
            ("text/plain; charset=utf-8", text(&self))
        };
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        let mut response = (status, [(CONTENT_TYPE, media_type)], body).into_response();
        if !self.json {
            response.extensions_mut().insert(Rerender {
                submitted: self,
                shown: Shown::default(),
            });
        }
        response
    }
}

/// The response of the form that `?` made an error of.
pub(crate) fn of_error(error: &Error) -> Option<Response> {
    let submitted = error.source()?.downcast_ref::<Submitted>()?;
    Some(submitted.clone().into_response())
}

fn text(form: &Submitted) -> String {
    let mut text = String::from("The form has mistakes in it.\n");
    for message in &form.messages {
        // Writing to a String cannot fail.
        let _ = match &message.field {
            Some(name) => writeln!(text, "- {name}: {}", message.text),
            None => writeln!(text, "- {}", message.text),
        };
    }
    text
}

/// `{"form": ["…"], "fields": {"text": ["…"]}}`
fn json(form: &Submitted) -> String {
    let mut whole = Vec::new();
    let mut fields = BTreeMap::<_, Vec<_>>::new();
    for message in &form.messages {
        match &message.field {
            Some(name) => fields.entry(name).or_default().push(&message.text),
            None => whole.push(&message.text),
        }
    }
    serde_json::json!({ "form": whole, "fields": fields }).to_string()
}
