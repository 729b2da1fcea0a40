//! The document: all operations of an app.

use std::fmt;

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use utoipa::openapi::path::{HttpMethod, PathItem};
use utoipa::openapi::{Components, Info, OpenApi, Paths};

use crate::handler::{HandlerFn, Inputs};
use crate::operation::Operation;
use crate::output::Output;

/// What the handlers of an app take and answer, as an OpenAPI document.
///
/// `app::openapi()` makes it. It is a response, so one file serves it:
///
/// ```
/// # mod app { pub fn openapi() -> anabranch_openapi::Document { anabranch_openapi::Document::new("", "") } }
/// use anabranch_openapi::Document;
///
/// // app/openapi.json/route.rs
/// pub async fn get() -> Document {
///     crate::app::openapi()
/// }
/// # fn main() {}
/// ```
#[derive(Clone)]
#[must_use = "a document is sent, or written to a file"]
pub struct Document(OpenApi);

macro_rules! methods {
    ($($name:ident $method:ident)*) => {
        $(
            #[doc = concat!("Adds a handler of ", stringify!($method), ".")]
            ///
            /// `pattern` is the path as folders spell it, such as `/flights/[date]`. The first
            /// paragraph of `docs` is the summary, the rest the description.
            ///
            /// # Panics
            /// If a type has the name of another one.
            pub fn $name<H, A>(self, pattern: &str, docs: &str, handler: &H) -> Self
            where
                H: HandlerFn<A>,
                H::Output: Output,
                A: Inputs,
            {
                self.handler(HttpMethod::$method, stringify!($name), pattern, docs, handler)
            }
        )*
    };
}

impl Document {
    /// A document without operations.
    pub fn new(title: &str, version: &str) -> Self {
        let mut document = OpenApi::new(Info::new(title, version), Paths::new());
        document.components = Some(Components::new());
        Self(document)
    }

    methods! { get Get post Post put Put patch Patch delete Delete head Head options Options }

    /// The document as JSON, with line breaks, so that a change shows as one of its lines.
    ///
    /// # Panics
    /// Never: all keys are strings.
    #[must_use]
    pub fn to_json(&self) -> String {
        let json = self.0.to_pretty_json();
        json.expect("the keys of a document are strings") + "\n"
    }

    /// Changes what handlers cannot say, such as servers and security schemes.
    ///
    /// ```
    /// use anabranch_openapi::Document;
    /// use utoipa::openapi::Server;
    ///
    /// let document = Document::new("rivers", "1.0.0");
    /// let document = document.with(|api| api.servers = Some(vec![Server::new("https://rivers.example")]));
    /// assert!(document.to_json().contains("https://rivers.example"));
    /// ```
    pub fn with(mut self, change: impl FnOnce(&mut OpenApi)) -> Self {
        change(&mut self.0);
        self
    }

    fn handler<H, A>(
        mut self,
        method: HttpMethod,
        name: &str,
        pattern: &str,
        docs: &str,
        _: &H,
    ) -> Self
    where
        H: HandlerFn<A>,
        H::Output: Output,
        A: Inputs,
    {
        let components = self.0.components.get_or_insert_default();
        let mut operation = Operation::new(pattern, &mut components.schemas);
        A::describe(&mut operation);
        H::Output::describe(&mut operation);
        let path = operation.path();
        let operation = operation.finish(name, docs);
        let item = PathItem::new(method, operation);
        match self.0.paths.paths.get_mut(&path) {
            Some(others) => others.merge_operations(item),
            None => drop(self.0.paths.paths.insert(path, item)),
        }
        self
    }
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.0.paths.paths.keys().collect::<Vec<_>>();
        f.debug_struct("Document")
            .field("paths", &paths)
            .finish_non_exhaustive()
    }
}

impl IntoResponse for Document {
    fn into_response(self) -> Response {
        ([(CONTENT_TYPE, "application/json")], self.to_json()).into_response()
    }
}
