//! From a request to its leaf, and through it.

use std::pin::Pin;
use std::sync::Arc;

use anabranch_boundaries::{Error, not_found};
use anabranch_engine::{ResponseParts, Settings};
use axum::body::Body;
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use tower::{Layer, ServiceExt, service_fn};

use super::canonical::{Spelling, spelling};
use super::captures::{Captures, Route};
use super::caught::Caught;
use super::current_path::Cut;
use super::leaf::{BoxFuture, Leaf, MethodHandler, parts_of};
use super::middleware::Step;
use super::response::{allowed, moved};
use super::stand_in::with_headers;
use super::trie::{Trie, Values};
use super::visit::Visit;
use crate::forms::{Rerender, wants_json};
use crate::rejection::take_error;
use crate::response::{with_committed, with_parts};
use crate::route_error::OfRoute;
use crate::{Csrf, PageRequest, Public, RouteError};

/// All routes of an app, ready to answer.
pub(super) struct Table<S> {
    pub(super) trie: Trie,
    /// Routes and what answers where none matches, by the trie's numbers.
    pub(super) entries: Vec<Entry<S>>,
    pub(super) public: Option<Public>,
    pub(super) csrf: Option<Csrf>,
    pub(super) settings: Option<Settings>,
}

/// A leaf and its route.
pub(super) struct Entry<S> {
    pub(super) route: Arc<Route>,
    pub(super) leaf: Leaf<S>,
    /// Whether its page answers where no route matches, whatever the method.
    pub(super) unmatched: bool,
    /// Whether it answers where no route matches, and has middleware beside that of the root.
    pub(super) guarded: bool,
}

/// The table as an axum handler.
pub(super) struct TableHandler<S>(pub(super) Arc<Table<S>>);

impl<S> Clone for TableHandler<S> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<S: Clone + Send + Sync + 'static> Handler<(), S> for TableHandler<S> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        match &self.0.csrf {
            Some(csrf) if !matches!(*request.method(), Method::GET | Method::HEAD) => {
                let table = self.0.clone();
                let inner = service_fn(move |request| {
                    let answer = table.clone().answer(request, state.clone());
                    async move { Ok::<_, std::convert::Infallible>(answer.await) }
                });
                let guarded = csrf.layer(inner).oneshot(request);
                Box::pin(async move { guarded.await.unwrap_or_else(|never| match never {}) })
            }
            _ => self.0.answer(request, state),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> Table<S> {
    /// The first `await` of a page is its own: finding it neither waits nor allocates.
    fn answer(self: Arc<Self>, mut request: Request, state: S) -> BoxFuture<Response> {
        let uri = request.uri();
        match spelling(uri.path()) {
            Spelling::Canonical => {}
            Spelling::Other(path) => {
                let answer = moved(&path, uri.query());
                return Box::pin(std::future::ready(answer));
            }
            // `OPTIONS *` and CONNECT ask for no page.
            Spelling::Refused { .. } if !uri.path().starts_with('/') => {
                let answer = StatusCode::BAD_REQUEST.into_response();
                return Box::pin(std::future::ready(answer));
            }
            Spelling::Refused { safe } => {
                let found = self.trie.find_unmatched(&safe);
                // What answers sees the path that it was found by.
                set_path(request.uri_mut(), &safe);
                request.extensions_mut().insert(Cut);
                return self.unmatched(found, request, state);
            }
        }
        let mut values = Values::new();
        if let Some(number) = self.trie.find(uri.path(), &mut values) {
            return self.found(number, values, request, state);
        }
        if self.public.is_some() {
            return Box::pin(self.public(request, state));
        }
        let found = self.trie.find_unmatched(uri.path());
        self.unmatched(found, request, state)
    }

    fn found(
        self: Arc<Self>,
        number: usize,
        values: Values,
        mut request: Request,
        state: S,
    ) -> BoxFuture<Response> {
        let entry = &self.entries[number];
        Captures::insert(&mut request, &entry.route, values);
        let leaf = &entry.leaf;
        let direct =
            leaf.middleware.is_empty() && (entry.unmatched || leaf.shows_page(request.method()));
        match &leaf.page {
            Some(page) if direct => page(self.visit(entry, request, state)),
            _ => Box::pin(self.run(number, request, state, None)),
        }
    }

    /// Static files stand behind the routes, and below a guarded folder behind its guard too.
    async fn public(self: Arc<Self>, mut request: Request, state: S) -> Response {
        let path = request.uri().path();
        let found = self.trie.find_unmatched(path);
        let file = match &self.public {
            Some(public) => {
                let file = public.answer(request.method(), path, request.headers());
                file.await
            }
            None => None,
        };
        match (file, found) {
            (Some(file), Some((number, values))) if self.entries[number].guarded => {
                Captures::insert(&mut request, &self.entries[number].route, values);
                self.run(number, request, state, Some(file)).await
            }
            (Some(file), _) => file,
            (None, found) => self.unmatched(found, request, state).await,
        }
    }

    fn unmatched(
        self: Arc<Self>,
        found: Option<(usize, Values)>,
        request: Request,
        state: S,
    ) -> BoxFuture<Response> {
        match found {
            Some((number, values)) => self.found(number, values, request, state),
            None => {
                let page = self
                    .page_request(&request)
                    .render(async { Err(not_found()) });
                Box::pin(async move { page.await.into_response() })
            }
        }
    }

    /// Goes through the middleware of a leaf, and on to what answers: the file, if there is one.
    async fn run(
        self: Arc<Self>,
        number: usize,
        mut request: Request,
        state: S,
        file: Option<Response>,
    ) -> Response {
        let entry = &self.entries[number];
        let parts = parts_of(&mut request);
        let plain = self.page_request(&request).name(entry.route.pattern);
        let captures = request.extensions().get::<Captures>().cloned();
        let cut = request.extensions().get::<Cut>().copied();
        let equip = |request: &mut Request| {
            let extensions = request.extensions_mut();
            extensions.get_or_insert_with(|| parts.clone());
            if let Some(captures) = &captures {
                extensions.get_or_insert_with(|| captures.clone());
            }
            if let Some(cut) = cut {
                extensions.insert(cut);
            }
            if let Some(settings) = &self.settings {
                extensions.get_or_insert_with(|| settings.clone());
            }
        };
        equip(&mut request);
        for guard in &entry.leaf.middleware {
            Captures::show(request.extensions_mut(), guard.visible);
            let before = guard.above.is_some().then(|| head_of(&request));
            let since = plain.watch().begin();
            let step = Caught((guard.handle)(request, state.clone())).await;
            plain.watch().end("middleware", guard.file, since);
            match step.unwrap_or_else(Step::Fail) {
                Step::Continue(next) => {
                    request = next;
                    // It may be a new one, which knows nothing of its route.
                    equip(&mut request);
                }
                Step::Answer(response) => return with_parts(response, Some(&parts)),
                Step::Fail(error) => {
                    return match (&guard.above, before) {
                        (Some(above), Some(before)) => {
                            let visit = self.visit(entry, before, state);
                            above(visit.failing(error)).await
                        }
                        _ => plain.render(async { Err(error) }).await.into_response(),
                    };
                }
            }
        }
        match file {
            Some(file) => {
                let (status, headers) = parts.commit();
                with_committed(private(file, &headers), status, headers)
            }
            None => self.respond(entry, request, parts, state).await,
        }
    }

    async fn respond(
        &self,
        entry: &Entry<S>,
        mut request: Request,
        parts: ResponseParts,
        state: S,
    ) -> Response {
        let leaf = &entry.leaf;
        let method = request.method();
        if let Some(page) = &leaf.page
            && (entry.unmatched || leaf.shows_page(method))
        {
            return page(self.visit(entry, request, state)).await;
        }
        let Some(handler) = leaf.handler(method) else {
            let status = if method == Method::OPTIONS {
                StatusCode::NO_CONTENT
            } else {
                StatusCode::METHOD_NOT_ALLOWED
            };
            return with_parts(allowed(status, leaf.allow()), Some(&parts));
        };
        Captures::show(request.extensions_mut(), handler.visible);
        if leaf.page.is_some() {
            self.beside_page(entry, handler, request, parts, state)
                .await
        } else {
            let response = handle(entry, handler, request, state).await;
            with_parts(response, Some(&parts))
        }
    }

    /// A handler beside a page: a form that has mistakes in it shows in the page again, and a
    /// failure in the page's views, unless a script reads the answer.
    async fn beside_page(
        &self,
        entry: &Entry<S>,
        handler: &MethodHandler<S>,
        request: Request,
        parts: ResponseParts,
        state: S,
    ) -> Response {
        let mut again = head_of(&request);
        let mut response = handle(entry, handler, request, state.clone()).await;
        let rerender = response.extensions_mut().remove::<Rerender>();
        let error = take_error(&mut response, Some(entry.route.pattern), None);
        let shows = rerender.is_some() || (error.is_some() && !wants_json(again.headers()));
        let Some(page) = entry.leaf.page.as_ref().filter(|_| shows) else {
            return with_parts(response, Some(&parts));
        };
        if let Some(rerender) = &rerender {
            rerender.insert_into(again.extensions_mut());
            // An error says that it is too late, which it is not: nothing is committed yet.
            let _ = parts.set_status(response.status());
        }
        let failure = error.as_ref().map(Error::status);
        let visit = self.visit(entry, again, state);
        let visit = match error {
            Some(error) => visit.failing(error),
            None => visit,
        };
        let mut page = page(visit).await;
        if let Some(rerender) = rerender
            && page.status() == response.status()
        {
            page = rerender.watch(entry.route.pattern, page);
        }
        if failure == Some(page.status()) {
            *page.status_mut() = response.status();
        }
        with_headers(page, response.headers())
    }

    /// For a failure that no view of the tree shows.
    fn page_request(&self, request: &Request) -> PageRequest {
        PageRequest::of(request, self.settings.as_ref())
    }

    fn visit(&self, entry: &Entry<S>, request: Request, state: S) -> Visit<S> {
        Visit::new(request, state, entry.route.pattern, self.settings.as_ref())
    }
}

/// The response of a handler. One that panics has none, so it is that of its failure.
async fn handle<S>(
    entry: &Entry<S>,
    handler: &MethodHandler<S>,
    request: Request,
    state: S,
) -> Response {
    let handling = async {
        let response = Caught((handler.handle)(request, state)).await;
        response.unwrap_or_else(|panic| RouteError::from(panic).into_response())
    };
    OfRoute::new(entry.route.pattern, handling).await
}

/// A file that a guard has let pass is for this visitor: no cache may show it to another. What
/// the guard says of caches itself, in `guards`, counts instead, as it does for a page. A file that
/// no cache may store stays so.
fn private(mut file: Response, guards: &HeaderMap) -> Response {
    let headers = file.headers_mut();
    if guards.contains_key(CACHE_CONTROL) {
        headers.remove(CACHE_CONTROL);
    } else if headers.get(CACHE_CONTROL).is_some_and(may_be_stored) {
        let private = HeaderValue::from_static("private, no-cache");
        headers.insert(CACHE_CONTROL, private);
    }
    file
}

fn may_be_stored(cache_control: &HeaderValue) -> bool {
    let mut directives = cache_control.as_bytes().split(|byte| *byte == b',');
    !directives.any(|one| one.trim_ascii().eq_ignore_ascii_case(b"no-store"))
}

/// Puts a path in place of a URI's, and leaves its query.
fn set_path(uri: &mut Uri, path: &str) {
    let path = if path.is_empty() { "/" } else { path };
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = path_and_query.parse().ok();
    *uri = Uri::from_parts(parts).unwrap_or_default();
}

/// The head of a request, as that of one for a page: GET, without a body.
fn head_of(request: &Request) -> Request {
    let mut head = Request::new(Body::empty());
    *head.method_mut() = match *request.method() {
        Method::HEAD => Method::HEAD,
        _ => Method::GET,
    };
    *head.uri_mut() = request.uri().clone();
    *head.version_mut() = request.version();
    *head.headers_mut() = request.headers().clone();
    for of_body in [CONTENT_LENGTH, CONTENT_TYPE, TRANSFER_ENCODING] {
        head.headers_mut().remove(of_body);
    }
    *head.extensions_mut() = request.extensions().clone();
    head
}
