//! One request for a page of the tree: what its files take from it, and how they are put
//! together.
//!
//! Generated code does so in three steps. It extracts the arguments of every file first, so that
//! a rejection is a real status even behind a loading view. Then it composes what the files
//! become, leaf first. Then it answers.

use std::any::type_name;
use std::fmt;

use anabranch_boundaries::{Error, Result, not_found};
use anabranch_engine::{ResponseParts, Settings};
use axum::body::Body;
use axum::extract::{FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use http::request::Parts;
use maud::Markup;

use super::answer::Whole;
use super::captures::Captures;
use super::caught::Caught;
use super::children::{Children, Names, Piece, Under, render_pieces};
use super::content::{Catch, Content, Views, html};
use super::extracted::{Extracting, Layout, PageContent};
use super::functions::{HeadFn, LayoutFn};
use super::heads::{HeadFuture, HeadFutures, HeadId, Headed, Heads};
use super::loading::Loading;
use crate::rejection::error_of;
use crate::response::with_parts;
use crate::{Component, PageRequest};

/// What a page of the tree answers: early, if an extractor rejects the request.
pub type Answer = Result<Response, Response>;

/// One request for a page of the tree.
///
/// Wherever a method takes `visible`, it is the number of parameters in the URL down to the
/// folder of the file: those that its [`Path`](super::Path) sees.
pub struct Visit<S>(
    /// Boxed, because generated futures move it about.
    Box<Inner<S>>,
);

struct Inner<S> {
    /// `None` after the page has taken the request.
    request: Option<(Parts, Body)>,
    state: S,
    page: PageRequest,
    /// The handle that extractors share, if any of them may ask for it.
    parts: Option<ResponseParts>,
    running: HeadFutures,
    heads: Heads,
    route: &'static str,
    /// The file that what is extracted or composed next is of, if it is known.
    file: Option<&'static str>,
    /// What the page fails with in place of its content.
    failure: Option<Error>,
    /// Whether it is known that a part fails: a real status then, so nothing streams.
    fails: bool,
}

impl<S: Send + Sync + 'static> Visit<S> {
    pub(super) fn new(
        request: Request,
        state: S,
        route: &'static str,
        settings: Option<&Settings>,
    ) -> Self {
        let page = PageRequest::of(&request, settings).name(route);
        Self(Box::new(Inner {
            parts: request.extensions().get::<ResponseParts>().cloned(),
            request: Some(request.into_parts()),
            state,
            page,
            running: HeadFutures::default(),
            heads: Heads::default(),
            route,
            file: None,
            failure: None,
            fails: false,
        }))
    }

    /// Has the page fail with `error` instead of rendering. What fails in its heads after that
    /// changes nothing.
    pub(super) fn failing(mut self, error: Error) -> Self {
        self.0.running = HeadFutures::forgiving();
        self.0.failure = Some(error);
        self.0.fails = true;
        self
    }

    /// The route of the page.
    pub(super) fn route(&self) -> &'static str {
        self.0.route
    }

    /// The settings of the page.
    pub(super) fn settings(&self) -> &Settings {
        self.0.page.settings_of()
    }

    /// The handle that middleware has set headers by, if there is any.
    pub(super) fn parts(&self) -> Option<&ResponseParts> {
        self.0.parts.as_ref()
    }

    /// Names the file of the function that is passed next, for logs and observers.
    pub fn at(&mut self, file: &'static str) -> &mut Self {
        self.0.file = Some(file);
        self
    }

    /// Extracts the arguments of a layout.
    pub fn layout<L, A>(&mut self, visible: usize, layout: L) -> Extracting<'_, Layout>
    where
        L: LayoutFn<A, S>,
    {
        let name = self.0.file_of::<L>();
        if let Some(none) = L::no_arguments() {
            return Extracting::ready(Layout::new(name, move |children, head| {
                Box::pin(layout.call(children, head, none))
            }));
        }
        Extracting::pending(async move {
            let arguments = self.0.extract::<L::Arguments>(visible, name).await?;
            Ok(Layout::new(name, move |children, head| match arguments {
                Ok(arguments) => Box::pin(layout.call(children, head, arguments)),
                Err(error) => Box::pin(ready(Err(error))),
            }))
        })
    }

    /// Extracts the arguments of a page's or a layout's head, and starts it.
    pub fn head<H, A>(&mut self, visible: usize, head: H) -> Extracting<'_, HeadId>
    where
        H: HeadFn<A, S>,
    {
        let file = self.0.file_of::<H>();
        if let Some(none) = H::no_arguments() {
            return Extracting::ready(self.0.start(file, Box::pin(head.call(none))));
        }
        Extracting::pending(async move {
            let head: HeadFuture = match self.0.extract(visible, file).await? {
                Ok(arguments) => Box::pin(head.call(arguments)),
                Err(error) => Box::pin(ready(Err(error))),
            };
            Ok(self.0.start(file, head))
        })
    }

    /// Extracts the arguments of the page. Comes last, because they may take the request's body.
    pub fn page<C, A>(&mut self, visible: usize, page: C) -> Extracting<'_, PageContent>
    where
        C: Component<A, S>,
    {
        if let Some(error) = self.0.failure.take() {
            return Extracting::ready(PageContent::failed(error));
        }
        let file = self.0.file_of::<C>();
        if let Some(page) = page.start() {
            return Extracting::ready(self.0.content(file, Box::pin(page)));
        }
        Extracting::pending(async move {
            let extracted = self.0.extract_page(visible, file, page).await?;
            Ok(match extracted {
                Ok(page) => self.0.content(file, Box::pin(page)),
                Err(error) => PageContent::failed(error),
            })
        })
    }

    /// A page that is a file.
    pub fn html_page(&mut self, text: &'static str) -> PageContent {
        match self.0.failure.take() {
            Some(error) => PageContent::failed(error),
            None => PageContent::new(Box::pin(ready(Ok(html(text))))),
        }
    }

    /// A layout that is a file.
    pub fn html_layout(&self, pieces: &'static [Piece]) -> Layout {
        Layout::new("layout.html", move |children, head| {
            Box::pin(render_pieces(pieces, children, head))
        })
    }

    /// In place of a page, where no route matches: fails.
    pub fn unmatched(&mut self) -> PageContent {
        PageContent::failed(self.0.failure.take().unwrap_or_else(not_found))
    }

    /// Content that fails when its head does.
    pub fn headed(&self, head: HeadId, content: impl Content) -> impl Content {
        Headed::new(head, self.0.heads.clone(), content)
    }

    /// Content behind a loading view. `views` are the nearest of each kind.
    pub fn loading<V: FnOnce() -> Markup + Send + 'static>(
        &self,
        loading: V,
        views: Views,
        content: impl Content,
    ) -> impl Content {
        if self.0.fails || self.0.page.wants_whole() {
            Loading::whole(views, content)
        } else {
            let (route, file) = (self.0.route, self.0.file_of::<V>());
            Loading::parts(route, file, loading, views, content, &self.0.heads)
        }
    }

    /// Content with views for when it fails.
    pub fn catch(&self, views: Views, content: impl Content) -> impl Content {
        Catch::new(views, content)
    }

    /// Content in its layout.
    pub fn under(&self, layout: Layout, content: impl Content) -> impl Content {
        let head = self.0.heads.page_head();
        let names = Names {
            route: self.0.route,
            layout: layout.name(),
        };
        let start = |children: Children| {
            let watch = self.0.page.watch();
            if !watch.is_on() {
                return layout.start(children, head);
            }
            let (below, heads) = (children.are_awaited(), self.0.heads.clone());
            let waits_for_others = move || below() || heads.are_awaited();
            let layout = layout.start(children, head);
            watch.time_own("layout", names.layout, layout, waits_for_others)
        };
        Under::new(names, start, content)
    }

    /// Drives the page to its commit point.
    ///
    /// # Errors
    /// None; the type is that of the page's function.
    pub fn answer(self, content: impl Content) -> impl Future<Output = Answer> + Send {
        let visit = *self.0;
        let parts = visit.parts.unwrap_or_default();
        let whole = Whole {
            content,
            running: visit.running,
            heads: visit.heads,
            complete: None,
            parts: parts.clone(),
            route: visit.route,
        };
        let page = visit.page.with_parts(parts).render_here(whole);
        page.map(IntoResponse::into_response).map(Ok)
    }
}

impl<S: Send + Sync + 'static> Inner<S> {
    /// Extracts arguments; the inner error is one for a view.
    async fn extract<T: FromRequestParts<S>>(
        &mut self,
        visible: usize,
        file: &'static str,
    ) -> Result<Result<T>, Response> {
        self.prepare(visible);
        let since = self.page.watch().begin();
        let Some((parts, _)) = &mut self.request else {
            return Ok(Err(Error::msg("the page is extracted last")));
        };
        let extracted = Caught(T::from_request_parts(parts, &self.state)).await;
        self.page.watch().end("extract", file, since);
        match extracted {
            Ok(Ok(arguments)) => Ok(Ok(arguments)),
            Ok(Err(rejection)) => self.rejected(file, rejection.into_response()),
            Err(panic) => Ok(Err(self.failed(panic))),
        }
    }

    /// Extracts the arguments of the page, which may take the body.
    async fn extract_page<C: Component<A, S>, A>(
        &mut self,
        visible: usize,
        file: &'static str,
        page: C,
    ) -> Result<Result<C::Future>, Response> {
        self.prepare(visible);
        let since = self.page.watch().begin();
        let Some((parts, body)) = self.request.take() else {
            return Ok(Err(Error::msg("a page is extracted once")));
        };
        let request = Request::from_parts(parts, body);
        let extracted = Caught(page.extract(request, &self.state)).await;
        self.page.watch().end("extract", file, since);
        match extracted {
            Ok(Ok(component)) => Ok(Ok(component)),
            Ok(Err(rejection)) => self.rejected(file, rejection),
            Err(panic) => Ok(Err(self.failed(panic))),
        }
    }

    /// The file that was named, else what is known of it: the function's type.
    fn file_of<F>(&self) -> &'static str {
        self.file.unwrap_or_else(type_name::<F>)
    }

    fn start(&mut self, file: &'static str, head: HeadFuture) -> HeadId {
        let head = self.page.watch().time("head", file, head);
        self.running.add(&mut self.heads, head)
    }

    fn content(&self, file: &'static str, page: BoxFuture<'static, Result>) -> PageContent {
        PageContent::new(self.page.watch().time("page", file, page))
    }

    /// Readies the request for extractors.
    fn prepare(&mut self, visible: usize) {
        if let Some((parts, _)) = &mut self.request {
            Captures::show(&mut parts.extensions, visible);
            // All extractors find the same parts.
            self.parts.get_or_insert_with(|| {
                let parts = parts.extensions.get_or_insert_default::<ResponseParts>();
                parts.clone()
            });
        }
    }

    /// The error for a view in place of what an extractor answers, else its answer.
    #[expect(
        clippy::result_large_err,
        reason = "async functions pass it on as it is"
    )]
    fn rejected<T>(&mut self, file: &str, rejection: Response) -> Result<Result<T>, Response> {
        match error_of(rejection, Some(self.route), file, self.parts.as_ref()) {
            Ok(error) => Ok(Err(self.failed(error))),
            // What failed first is what is shown.
            Err(rejection) => match &self.failure {
                Some(first) => Ok(Err(first.clone())),
                None => Err(with_parts(rejection, self.parts.as_ref())),
            },
        }
    }

    /// The error that shows, now that an extractor has failed with one: what failed first.
    fn failed(&mut self, error: Error) -> Error {
        self.fails = true;
        self.failure.clone().unwrap_or(error)
    }
}

impl<S> fmt::Debug for Visit<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visit")
            .field("route", &self.0.route)
            .finish_non_exhaustive()
    }
}
