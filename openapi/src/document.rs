//! The document: all operations of an app.

use std::collections::BTreeSet;
use std::{fmt, mem};

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use utoipa::openapi::path::{HttpMethod, PathItem};
use utoipa::openapi::{Components, Info, OpenApi, Paths};

use crate::handler::{HandlerFn, Inputs};
use crate::names::{Names, Schemas};
use crate::operation::{Operation, operation_id};
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
pub struct Document {
    api: OpenApi,
    /// Those that are not described in it yet.
    handlers: Vec<Handler>,
    ids: BTreeSet<String>,
}

#[derive(Clone)]
struct Handler {
    method: HttpMethod,
    id: String,
    pattern: String,
    docs: String,
    describe: fn(&mut Operation<'_>),
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {
        $(
            #[doc = concat!("Adds a handler of ", stringify!($method), ".")]
            ///
            /// `pattern` is the path as folders spell it, such as `/flights/[date]`. The first
            /// paragraph of `docs` is the summary, the rest the description.
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
        let mut api = OpenApi::new(Info::new(title, version), Paths::new());
        api.components = Some(Components::new());
        Self {
            api,
            handlers: Vec::new(),
            ids: BTreeSet::new(),
        }
    }

    methods! { get Get post Post put Put patch Patch delete Delete head Head options Options }

    /// The document as JSON, with line breaks, so that a change shows as one of its lines.
    ///
    /// # Panics
    /// If a type has the name of another one, or nothing explains a type that is referred to.
    #[must_use]
    pub fn to_json(&self) -> String {
        let api = self.clone().described();
        let json = api.to_pretty_json();
        let json = json.expect("the keys of a document are strings") + "\n";
        if let Some(unknown) = unexplained(&json, &api) {
            panic!(
                "the API refers to the type {unknown}, which nothing explains: \
                 where it is the parameter of another type, put `#[schema(inline)]` on the field"
            );
        }
        json
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
    ///
    /// # Panics
    /// If a type has the name of another one.
    pub fn with(mut self, change: impl FnOnce(&mut OpenApi)) -> Self {
        self.describe();
        change(&mut self.api);
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
        // Two patterns may differ by their punctuation alone.
        let id = operation_id(name, pattern);
        let numbered = (2..).map(|number| format!("{id}_{number}"));
        let mut ids = std::iter::once(id.clone()).chain(numbered);
        let id = ids.find(|id| self.ids.insert(id.clone()));
        self.handlers.push(Handler {
            method,
            id: id.expect("there is always another number"),
            pattern: pattern.to_owned(),
            docs: docs.to_owned(),
            describe: describe::<H, A>,
        });
        self
    }

    fn described(mut self) -> OpenApi {
        self.describe();
        self.api
    }

    /// Describes the handlers that have been added.
    fn describe(&mut self) {
        let handlers = mem::take(&mut self.handlers);
        let components = self.api.components.get_or_insert_default();
        let mut names = Names::new(mem::take(&mut components.schemas));
        for handler in &handlers {
            (handler.describe)(&mut Operation::new(&handler.pattern, &mut names));
        }
        names.complete();
        for handler in handlers {
            let mut operation = Operation::new(&handler.pattern, &mut names);
            (handler.describe)(&mut operation);
            let path = operation.path();
            let operation = operation.finish(&handler.id, &handler.docs);
            let item = PathItem::new(handler.method, operation);
            match self.api.paths.paths.get_mut(&path) {
                Some(others) => others.merge_operations(item),
                None => drop(self.api.paths.paths.insert(path, item)),
            }
        }
        components.schemas = names.into_schemas();
    }
}

/// What a handler says.
fn describe<H, A>(operation: &mut Operation<'_>)
where
    H: HandlerFn<A>,
    H::Output: Output,
    A: Inputs,
{
    A::describe(operation);
    H::Output::describe(operation);
}

/// A name that the document refers to, and that is not in it. utoipa refers so to the parameter of
/// a type, without saying what it is.
fn unexplained<'j>(json: &'j str, api: &OpenApi) -> Option<&'j str> {
    const REFERENCE: &str = "\"$ref\": \"#/components/schemas/";
    let schemas = api.components.as_ref().map(|it| &it.schemas);
    let mut lines = json.lines().filter_map(|line| {
        let name = line.trim_start().strip_prefix(REFERENCE)?;
        Some(name.trim_end_matches(',').trim_end_matches('"'))
    });
    lines.find(|name| !schemas.is_some_and(|schemas: &Schemas| schemas.contains_key(*name)))
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let handlers = self.handlers.iter().map(|handler| &handler.pattern);
        let paths = self.api.paths.paths.keys().chain(handlers);
        let paths = paths.collect::<Vec<_>>();
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
