//! What answers at the end of a path: a page, the handlers of its other methods, and the
//! middleware before them.

use std::any::{TypeId, type_name};
use std::convert::identity;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use anabranch_boundaries::panic;
use anabranch_engine::{ResponseParts, Settings};
use axum::extract::Request;
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::{HeaderValue, Method};
use pin_project::pin_project;

use super::middleware::{MiddlewareFn, Step};
use super::visit::{Answer, Visit};
use crate::PageRequest;

pub(super) type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

type PageOf<S> = Box<dyn Fn(Visit<S>) -> BoxFuture<Response> + Send + Sync>;
type HandlerOf<S> = Box<dyn Fn(Request, S) -> BoxFuture<Response> + Send + Sync>;
type MiddlewareOf<S> = Box<dyn Fn(Request, S) -> BoxFuture<Step> + Send + Sync>;

/// What answers at a route, or below a prefix where no route matches.
///
/// Wherever a method takes `visible`, it is the number of parameters in the URL down to the
/// folder of the file: those that its [`Path`](super::Path) sees.
pub struct Leaf<S> {
    pub(super) middleware: Vec<Guard<S>>,
    pub(super) page: Option<PageOf<S>>,
    pub(super) methods: Vec<MethodHandler<S>>,
    /// The file that the next middleware is of, if it is known.
    file: Option<&'static str>,
}

/// A middleware of a leaf.
pub(super) struct Guard<S> {
    pub(super) visible: usize,
    /// What observers call it: its file.
    pub(super) file: &'static str,
    /// What it is, beside its file: a file that is not named is no more than the name of a type,
    /// which two closures may share.
    function: TypeId,
    pub(super) handle: MiddlewareOf<S>,
    /// Renders what it fails with, in the layouts above it.
    pub(super) above: Option<PageOf<S>>,
}

/// The handler for a method of a leaf.
pub(super) struct MethodHandler<S> {
    pub(super) method: Method,
    pub(super) visible: usize,
    pub(super) handle: HandlerOf<S>,
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {
        $(
            #[doc = concat!("Answers ", stringify!($method), " with an axum handler.")]
            #[must_use]
            pub fn $name<H: Handler<T, S>, T: 'static>(self, visible: usize, handler: H) -> Self {
                self.method(Method::$method, visible, handler)
            }
        )*
    };
}

impl<S: Clone + Send + Sync + 'static> Leaf<S> {
    /// A leaf that answers nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            middleware: Vec::new(),
            page: None,
            methods: Vec::new(),
            file: None,
        }
    }

    /// Names the file of the middleware that is added next, for observers.
    #[must_use]
    pub fn at(mut self, file: &'static str) -> Self {
        self.file = Some(file);
        self
    }

    /// Adds a middleware behind those before it. What it fails with is a plain page.
    #[must_use]
    pub fn middleware<M: MiddlewareFn<A, S>, A>(self, visible: usize, handle: M) -> Self {
        self.guard(visible, handle, None)
    }

    /// Adds a middleware behind those before it. `above` renders what it fails with.
    #[must_use]
    pub fn middleware_below<P, F, M, A>(self, above: P, visible: usize, handle: M) -> Self
    where
        P: Fn(Visit<S>) -> F + Send + Sync + 'static,
        F: Future<Output = Answer> + Send + 'static,
        M: MiddlewareFn<A, S>,
    {
        self.guard(visible, handle, Some(boxed_page(above)))
    }

    /// Answers GET and HEAD with a page. What answers where no route matches does so for every
    /// method.
    #[must_use]
    pub fn page<P, F>(mut self, page: P) -> Self
    where
        P: Fn(Visit<S>) -> F + Send + Sync + 'static,
        F: Future<Output = Answer> + Send + 'static,
    {
        self.page = Some(boxed_page(page));
        self
    }

    methods! { get GET post POST put PUT patch PATCH delete DELETE head HEAD options OPTIONS }

    fn guard<M: MiddlewareFn<A, S>, A>(
        mut self,
        visible: usize,
        handle: M,
        above: Option<PageOf<S>>,
    ) -> Self {
        self.middleware.push(Guard {
            visible,
            file: self.file.take().unwrap_or_else(type_name::<M>),
            function: TypeId::of::<M>(),
            handle: Box::new(move |request, state| Box::pin(handle.clone().call(request, state))),
            above,
        });
        self
    }

    fn method<H: Handler<T, S>, T: 'static>(
        mut self,
        method: Method,
        visible: usize,
        handler: H,
    ) -> Self {
        self.methods.push(MethodHandler {
            method,
            visible,
            handle: Box::new(move |request, state| Box::pin(handler.clone().call(request, state))),
        });
        self
    }
}

fn boxed_page<S, P, F>(page: P) -> PageOf<S>
where
    S: Send + Sync + 'static,
    P: Fn(Visit<S>) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    Box::new(move |visit| {
        let (settings, route) = (visit.settings().clone(), visit.route());
        let parts = visit.parts().cloned();
        let page = page(visit);
        Box::pin(Answering::Page {
            page,
            settings,
            parts,
            route,
        })
    })
}

/// A page on its way to the answer. Its extractors and components do not panic, they fail; a
/// function that panics before it is a future leaves a plain page.
#[pin_project(project = AnsweringProjection)]
enum Answering<F> {
    Page {
        #[pin]
        page: F,
        settings: Settings,
        /// What middleware has set, which the plain page sends too.
        parts: Option<ResponseParts>,
        route: &'static str,
    },
    Plain(BoxFuture<Response>),
}

impl<F: Future<Output = Answer>> Future for Answering<F> {
    type Output = Response;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response> {
        match self.as_mut().project() {
            AnsweringProjection::Plain(plain) => plain.as_mut().poll(cx),
            AnsweringProjection::Page {
                page,
                settings,
                parts,
                route,
            } => {
                let error = match panic::catch(|| page.poll(cx)) {
                    Ok(answer) => return answer.map(|answer| answer.unwrap_or_else(identity)),
                    Err(error) => error,
                };
                let plain = PageRequest::plain(settings.clone())
                    .name(*route)
                    .with_parts(parts.take().unwrap_or_default())
                    .render(async { Err(error) });
                self.set(Self::Plain(Box::pin(
                    plain.map(IntoResponse::into_response),
                )));
                self.poll(cx)
            }
        }
    }
}

impl<S> Leaf<S> {
    /// Whether it has middleware that `other` has not, or not as often. How many each has does not
    /// tell: that of a group is before nothing beside the group.
    pub(super) fn has_guard_beside(&self, other: &Self) -> bool {
        let times = |leaf: &Self, guard: &Guard<S>| {
            let same = |one: &&Guard<S>| one.file == guard.file && one.function == guard.function;
            leaf.middleware.iter().filter(same).count()
        };
        let mut own = self.middleware.iter();
        own.any(|guard| times(self, guard) > times(other, guard))
    }

    /// The handler for `method`; GET's is HEAD's too, and that of CONNECT, by which a WebSocket is
    /// opened on HTTP/2: RFC 8441. The server lets no other CONNECT pass.
    pub(super) fn handler(&self, method: &Method) -> Option<&MethodHandler<S>> {
        let of = |method: &Method| {
            self.methods
                .iter()
                .find(|handler| handler.method == *method)
        };
        let is_gets = [Method::HEAD, Method::CONNECT].contains(method);
        of(method).or_else(|| of(&Method::GET).filter(|_| is_gets))
    }

    /// Whether its page answers `method`.
    pub(super) fn shows_page(&self, method: &Method) -> bool {
        self.page.is_some() && (method == Method::GET || method == Method::HEAD)
    }

    /// The methods that it answers, as an `Allow` header.
    pub(super) fn allow(&self) -> HeaderValue {
        let get = self.page.is_some() || self.handler(&Method::GET).is_some();
        let (mut names, known): (Vec<&str>, &[&str]) = match get {
            true => (vec!["GET", "HEAD"], &["GET", "HEAD", "OPTIONS"]),
            false => (Vec::new(), &["OPTIONS"]),
        };
        let own = self.methods.iter().map(|handler| handler.method.as_str());
        names.extend(own.filter(|name| !known.contains(name)));
        names.push("OPTIONS");
        HeaderValue::try_from(names.join(", ")).unwrap_or(HeaderValue::from_static("OPTIONS"))
    }
}

impl<S: Clone + Send + Sync + 'static> Default for Leaf<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> fmt::Debug for Leaf<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Leaf")
            .field("middleware", &self.middleware.len())
            .field("page", &self.page.is_some())
            .field("allow", &self.allow())
            .finish_non_exhaustive()
    }
}

/// The handle that extractors of this request share.
pub(super) fn parts_of(request: &mut Request) -> ResponseParts {
    let extensions = request.extensions_mut();
    extensions.get_or_insert_default::<ResponseParts>().clone()
}
