//! Forms: what the `post` beside a page takes, and what the page shows again after a mistake.
//!
//! [`Form`] reads a submitted form into a type of yours. What does not fit the type (a number
//! field with `abc` in it, a field that is not there) never reaches the handler: the page beside
//! it is shown again with status 422, the submitted values and a message at each field. What only
//! the app can judge, the handler says with [`FormState::reject`]; [`FormState::check`] then
//! answers in the same way. After success it sends the visitor on with
//! [`see_other`](crate::see_other), so that a reload submits nothing twice.
//!
//! ```
//! // route.rs
//! use anabranch_router::{Form, RouteResult, SeeOther, see_other};
//! use axum::extract::State;
//! use serde::Deserialize;
//!
//! #[derive(Deserialize)]
//! pub struct Note {
//!     text: String,
//!     minutes: Option<u32>,
//! }
//!
//! pub async fn post(
//!     State(db): State<Db>,
//!     Form(note, mut form): Form<Note>,
//! ) -> RouteResult<SeeOther> {
//!     if note.text.trim().is_empty() {
//!         form.reject("text", "Write something.");
//!     }
//!     if db.is_closed().await? {
//!         form.reject_form("The desk is closed.");
//!     }
//!     form.check()?;
//!     db.save(note).await?;
//!     Ok(see_other("/desk"))
//! }
//!
//! // page.rs
//! use anabranch_boundaries::Result;
//! use anabranch_router::FormState;
//! use maud::html;
//!
//! pub async fn render(form: FormState<Note>) -> Result {
//!     Ok(html! {
//!         form method="post" {
//!             (form.form_message())
//!             label for="text" { "Note" }
//!             input #text name="text" value=(form.value("text"))
//!                 aria-invalid=[form.aria_invalid("text")]
//!                 aria-describedby=[form.described_by("text")];
//!             (form.message("text"))
//!             button { "Save" }
//!         }
//!     })
//! }
//! # #[derive(Clone)]
//! # pub struct Db;
//! # impl Db {
//! #     async fn is_closed(&self) -> std::io::Result<bool> { Ok(false) }
//! #     async fn save(&self, note: Note) -> std::io::Result<()> { drop((note.text, note.minutes)); Ok(()) }
//! # }
//! # let _: axum::Router<Db> = axum::Router::new()
//! #     .route("/", axum::routing::get(anabranch_router::page(render)).post(post));
//! ```
//!
//! A handler without other failures may return `Result<SeeOther, FormState<Note>>` as well. A
//! request that accepts JSON and no HTML, as a script's does, gets the messages as JSON.
//!
//! # Fields
//! The type is a struct of plain fields. What HTML leaves out counts as given: an unchecked
//! checkbox is `false`, a list without a choice is an empty `Vec`, an empty input is `None` for an
//! `Option`. `on` is `true`. Of a name that was sent twice, a `Vec` takes every value and any
//! other type the last. Numbers may have spaces around them. Any type that deserialises from a
//! string may be a field; the text of its error becomes the message. Inside `#[serde(flatten)]`
//! only text is read: serde does not say there what else a field wants to be.
//!
//! # Limits
//! A body is as long as axum's `DefaultBodyLimit` lets it be (2 MB) and has at most
//! [`MAX_FIELDS`] values: beyond that it is refused with 413. A body that is not
//! `application/x-www-form-urlencoded` is refused with 415, one that is not UTF-8 with 400. For
//! files, take axum's `Multipart`, and read the fields beside them by [`Form::from_fields`].
//!
//! # Passwords
//! A form state never holds what was typed into a field whose name contains `password`,
//! `passwd`, `passphrase`, `secret` or `token`, so no page can send it back. For a field of any
//! other name, call [`FormState::forget`] or do not render its value.

mod deserialize;
mod field;
mod message;
mod response;
mod shown;
mod state;
mod submission;

use std::fmt;

use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use serde::de::DeserializeOwned;

pub use response::Rerender;
pub(crate) use response::of_error;
pub use state::FormState;
pub use submission::MAX_FIELDS;
pub(crate) use submission::wants_json;

use deserialize::{Empty, deserialize};
use submission::Submission;

/// Extractor that reads a submitted form: the value, and the state to reject it with.
///
/// GET and HEAD are read from the query, any other method from the body. See the
/// [module](crate::forms) for an example.
pub struct Form<T>(
    /// What was submitted, as a value.
    pub T,
    /// What was submitted, as text, for the page that shows it again.
    pub FormState<T>,
);

impl<T: fmt::Debug> fmt::Debug for Form<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Form").field(&self.0).field(&self.1).finish()
    }
}

impl<T, S> FromRequest<S> for Form<T>
where
    T: DeserializeOwned + 'static,
    S: Send + Sync,
{
    type Rejection = FormRejection<T>;

    async fn from_request(request: Request, _: &S) -> Result<Self, FormRejection<T>> {
        let submission = Submission::read(request)
            .await
            .map_err(FormRejection::Unreadable)?;
        Self::of(submission).map_err(FormRejection::Invalid)
    }
}

impl<T: DeserializeOwned + 'static> Form<T> {
    /// Reads fields that a handler has taken out of a body by itself: the texts beside the files
    /// of a `Multipart`, for example. `headers` are those of the request; they say whether a
    /// script reads the answer.
    ///
    /// ```
    /// # use anabranch_router::{Form, RouteResult, SeeOther, see_other};
    /// # use http::HeaderMap;
    /// # #[derive(serde::Deserialize)]
    /// # struct Photo { title: String }
    /// async fn post(headers: HeaderMap, body: String) -> RouteResult<SeeOther> {
    ///     let title = ("title".to_owned(), body);
    ///     let Form(photo, mut form) = Form::<Photo>::from_fields([title], &headers)?;
    ///     if photo.title.is_empty() {
    ///         form.reject("title", "What does it show?");
    ///     }
    ///     form.check()?;
    ///     Ok(see_other("/photos"))
    /// }
    /// # let _: axum::Router = axum::Router::new().route("/", axum::routing::post(post));
    /// ```
    ///
    /// # Errors
    /// The state of the form, with a message at each field that does not fit its type: the
    /// response that shows it again.
    pub fn from_fields(
        fields: impl IntoIterator<Item = (String, String)>,
        headers: &HeaderMap,
    ) -> Result<Self, FormState<T>> {
        Self::of(Submission {
            values: fields.into_iter().collect(),
            json: wants_json(headers),
        })
    }

    fn of(submission: Submission) -> Result<Self, FormState<T>> {
        let value = deserialize(&submission.values, Empty::Nothing);
        let mut state = FormState::of(submission);
        match value {
            Ok(value) => Ok(Self(value, state)),
            Err(messages) => {
                state.add(messages);
                Err(state)
            }
        }
    }
}

/// The value that a query makes, or what is wrong with its fields: nothing if it is no form.
pub(crate) fn of_query<T: DeserializeOwned>(query: &str) -> Result<T, String> {
    let values = submission::decode(query.as_bytes()).map_err(|_| String::new())?;
    deserialize(&values, Empty::TextOrNothing).map_err(|messages| message::of_fields(&messages))
}

/// Why a request is not the form that a handler takes.
///
/// `Result<Form<T>, FormRejection<T>>` as an argument lets a handler decide for itself.
pub enum FormRejection<T> {
    /// The body is no form at all: the answer to it.
    Unreadable(Response),
    /// Fields that do not fit their types.
    Invalid(FormState<T>),
}

// Derived, it would want a `T` that has it.
impl<T> fmt::Debug for FormRejection<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(response) => f.debug_tuple("Unreadable").field(response).finish(),
            Self::Invalid(state) => f.debug_tuple("Invalid").field(state).finish(),
        }
    }
}

impl<T> IntoResponse for FormRejection<T> {
    fn into_response(self) -> Response {
        match self {
            Self::Unreadable(response) => response,
            Self::Invalid(state) => state.into_response(),
        }
    }
}
