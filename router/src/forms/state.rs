//! What was typed into a form and what is wrong with it, for the page that shows it.

use std::any::type_name;
use std::convert::Infallible;
use std::error::Error as StdError;
use std::fmt;
use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use http::Extensions;
use http::request::Parts;
use maud::{Markup, html};

use super::message::Message;
use super::shown::Shown;
use super::submission::Submission;

/// Fields with one of these in their names are never kept.
const SECRETS: [&str; 5] = ["password", "passwd", "passphrase", "secret", "token"];

/// What was typed into the form of a `T`, and what is wrong with it.
///
/// A page takes it as an argument. It is empty unless the page is shown again after a mistake,
/// and then only for the form that was sent: a page with two forms takes two states, of two types.
///
/// A handler gets it with [`Form`](crate::Form), collects messages, and returns it: by
/// [`check`](Self::check) and `?`, or as an `Err`. As a response it has status 422. See the
/// [module](crate::forms) for an example.
///
/// Every name is a field's `name` attribute.
pub struct FormState<T> {
    pub(super) submitted: Submitted,
    /// In a page that is shown again: what it has asked for.
    shown: Option<Shown>,
    form: PhantomData<fn() -> T>,
}

/// A form's state, whatever its type.
#[derive(Clone)]
pub(super) struct Submitted {
    pub(super) values: Vec<(String, String)>,
    pub(super) messages: Vec<Message>,
    /// Whether a script reads the answer, rather than a person.
    pub(super) json: bool,
    /// The type of the form. `None` if nothing was submitted.
    pub(super) form: Option<FormType>,
}

/// The type of a form, where there is no parameter for it.
#[derive(Clone, Copy)]
pub(super) struct FormType {
    pub(super) name: &'static str,
    /// Inserts the state where the extractor of its own type finds it.
    pub(super) insert: fn(Submitted, &mut Extensions),
}

impl<T> FormState<T> {
    /// What was typed into a field: its last value, or nothing.
    #[must_use]
    pub fn value(&self, name: &str) -> &str {
        self.value_or(name, "")
    }

    /// What was typed into a field, or `default` while the form has not been sent.
    #[must_use]
    pub fn value_or<'a>(&'a self, name: &str, default: &'a str) -> &'a str {
        if self.is_submitted() {
            self.values(name).last().unwrap_or_default()
        } else {
            default
        }
    }

    /// Everything that was typed or chosen under a name, in order.
    pub fn values<'a>(&'a self, name: &str) -> impl DoubleEndedIterator<Item = &'a str> {
        let values = self.submitted.values.iter();
        values.filter_map(move |(field, value)| (field == name).then_some(value.as_str()))
    }

    /// True if this value was chosen under this name: for `checked` and `selected`.
    #[must_use]
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values(name).any(|chosen| chosen == value)
    }

    /// True if the form was sent, and is shown again.
    #[must_use]
    pub fn is_submitted(&self) -> bool {
        self.submitted.form.is_some()
    }

    /// True if something is wrong with a field.
    #[must_use]
    pub fn is_invalid(&self, name: &str) -> bool {
        self.ask(Some(name));
        self.has_messages(Some(name))
    }

    /// What is wrong with a field: the first message.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&str> {
        self.ask(Some(name));
        self.messages(Some(name)).next()
    }

    /// What is wrong with the form as a whole: the first message.
    #[must_use]
    pub fn form_error(&self) -> Option<&str> {
        self.ask(None);
        self.messages(None).next()
    }

    /// Every message, with the name of the field that it is about.
    pub fn errors(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        if let Some(shown) = &self.shown {
            shown.ask_for_all();
        }
        let messages = self.submitted.messages.iter();
        messages.map(|message| (message.field.as_deref(), message.text.as_str()))
    }

    /// Says what is wrong with a field.
    pub fn reject(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.submitted.messages.push(Message {
            field: Some(name.into()),
            text: text.into(),
        });
    }

    /// Says what is wrong with the form as a whole.
    pub fn reject_form(&mut self, text: impl Into<String>) {
        self.submitted.messages.push(Message {
            field: None,
            text: text.into(),
        });
    }

    /// Drops what was typed into a field, so that no page sends it back.
    ///
    /// Fields that are called something like `password` are never kept in the first place.
    pub fn forget(&mut self, name: &str) {
        self.submitted.values.retain(|(field, _)| field != name);
    }

    /// Goes on if nothing is wrong.
    ///
    /// # Errors
    /// The form itself if it has messages: the response that shows it again.
    pub fn check(self) -> Result<(), Self> {
        if self.submitted.messages.is_empty() {
            Ok(())
        } else {
            Err(self)
        }
    }

    /// The messages at a field, as the paragraph that [`described_by`](Self::described_by) names.
    /// Nothing if there are none.
    #[must_use]
    pub fn message(&self, name: &str) -> Markup {
        self.ask(Some(name));
        html! {
            @if let Some(id) = self.described_by(name) {
                p id=(id) class="form-error" {
                    @for text in self.messages(Some(name)) { span { (text) } " " }
                }
            }
        }
    }

    /// The messages about the form as a whole, which a screen reader speaks at once. Nothing if
    /// there are none.
    #[must_use]
    pub fn form_message(&self) -> Markup {
        self.ask(None);
        html! {
            @if self.has_messages(None) {
                div role="alert" class="form-error" {
                    @for text in self.messages(None) { p { (text) } }
                }
            }
        }
    }

    /// For the attribute of that name: `aria-invalid=[form.aria_invalid("text")]`.
    #[must_use]
    pub fn aria_invalid(&self, name: &str) -> Option<&'static str> {
        self.has_messages(Some(name)).then_some("true")
    }

    /// For the attribute of that name: `aria-describedby=[form.described_by("text")]`.
    ///
    /// It is the id of the field's [`message`](Self::message).
    #[must_use]
    pub fn described_by(&self, name: &str) -> Option<String> {
        // A space would make two ids of it.
        let id = || format!("{}-error", name.replace(char::is_whitespace, "-"));
        self.has_messages(Some(name)).then(id)
    }

    /// Notes that the page shows what is wrong with a field, if anything. Attributes alone do not.
    fn ask(&self, about: Option<&str>) {
        if let Some(shown) = &self.shown {
            shown.ask(about);
        }
    }

    fn has_messages(&self, about: Option<&str>) -> bool {
        self.messages(about).next().is_some()
    }

    fn messages(&self, about: Option<&str>) -> impl Iterator<Item = &str> {
        let messages = self.submitted.messages.iter();
        messages.filter_map(move |message| {
            (message.field.as_deref() == about).then_some(message.text.as_str())
        })
    }

    pub(super) fn add(&mut self, messages: Vec<Message>) {
        self.submitted.messages.extend(messages);
    }

    fn new(submitted: Submitted) -> Self {
        Self {
            submitted,
            shown: None,
            form: PhantomData,
        }
    }
}

impl<T: 'static> FormState<T> {
    pub(super) fn of(submission: Submission) -> Self {
        let Submission { mut values, json } = submission;
        values.retain(|(name, _)| !is_secret(name));
        Self::new(Submitted {
            values,
            messages: Vec::new(),
            json,
            form: Some(FormType {
                name: type_name::<T>(),
                insert: |submitted, extensions| {
                    extensions.insert(Self::new(submitted));
                },
            }),
        })
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRETS.iter().any(|secret| name.contains(secret))
}

/// A form that has not been sent.
impl<T> Default for FormState<T> {
    fn default() -> Self {
        Self::new(Submitted {
            values: Vec::new(),
            messages: Vec::new(),
            json: false,
            form: None,
        })
    }
}

impl<T> Clone for FormState<T> {
    fn clone(&self) -> Self {
        Self {
            submitted: self.submitted.clone(),
            shown: self.shown.clone(),
            form: PhantomData,
        }
    }
}

impl<T> fmt::Debug for FormState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.submitted.fmt(f)
    }
}

impl<T> fmt::Display for FormState<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.submitted.fmt(f)
    }
}

/// Lets `?` make another error of it, which still answers as the form does.
impl<T> StdError for FormState<T> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // Whoever has only an error finds the form by this type, which is not generic.
        Some(&self.submitted)
    }
}

impl<T: 'static, S: Sync> FromRequestParts<S> for FormState<T> {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let Some(mut state) = request.extensions.get::<Self>().cloned() else {
            return Ok(Self::default());
        };
        state.shown = request.extensions.get().cloned();
        state.shown.iter().for_each(Shown::take);
        Ok(state)
    }
}

impl StdError for Submitted {}

impl fmt::Display for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a form was sent with mistakes in it")
    }
}

/// Names and messages only: what people type stays out of logs.
impl fmt::Debug for Submitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.values.iter().map(|(name, _)| name).collect();
        f.debug_struct("FormState")
            .field("submitted", &self.form.is_some())
            .field("names", &names)
            .field("messages", &self.messages)
            .finish_non_exhaustive()
    }
}
