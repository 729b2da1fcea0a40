//! A component as an axum handler.

use std::fmt;
use std::marker::PhantomData;
use std::panic::Location;
use std::pin::Pin;
use std::time::Duration;

use anabranch_boundaries::Result;
use anabranch_engine::{ResponseParts, Settings};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::handler::Handler;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::ready;

use crate::PageRequest;
use crate::rejection::failure_of;
use crate::response::with_parts;

/// Makes an axum handler of a page: an async function from extractors to
/// [`Result`].
///
/// Its arguments are extracted before it runs, as in any handler, so a rejection is a real
/// status. One that is a 5xx shows as an error page, and the log has its text. Bots, HEAD and
/// HTTP/1.0 get the page whole.
///
/// ```
/// use anabranch_boundaries::{Result, boundary, not_found};
/// use anabranch_router::page;
/// use axum::{Router, extract::Path, routing::get};
/// use maud::html;
///
/// async fn airport(Path(code): Path<String>) -> Result {
///     if code.len() != 3 {
///         return Err(not_found());
///     }
///     Ok(html! {
///         h1 { (code) }
///         (boundary(departures(code)).loading(html! { p { "Asking the tower…" } }))
///     })
/// }
///
/// async fn departures(code: String) -> Result {
///     Ok(html! { p { "None from " (code) " today" } })
/// }
///
/// let app: Router = Router::new().route("/airports/{code}", get(page(airport)));
/// ```
#[track_caller]
pub fn page<C, A, S>(component: C) -> PageHandler<C, A, S>
where
    // The handler asks for it too. Asked for here, the compiler says what a page is, and not only
    // that this is no handler.
    C: Component<A, S>,
{
    PageHandler {
        component,
        settings: None,
        grace: None,
        whole: false,
        call_site: Location::caller(),
        arguments: PhantomData,
    }
}

/// A page as an axum handler, in a router whose state is `S`. Made by [`page`].
pub struct PageHandler<C, A, S> {
    component: C,
    /// Settings of this page, in place of the app's.
    settings: Option<Settings>,
    grace: Option<Duration>,
    whole: bool,
    call_site: &'static Location<'static>,
    arguments: PhantomData<fn(A, S)>,
}

impl<C, A, S> PageHandler<C, A, S> {
    /// Uses these settings for this page instead of the app's.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// Lets the complete shell wait this long for boundaries. See [`Settings::grace`].
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = Some(grace);
        self
    }

    /// Sends the page whole, whoever reads it.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.whole = true;
        self
    }
}

impl<C, A, S> PageHandler<C, A, S> {
    /// The page that `request` asks for.
    fn visit(&self, request: &Request) -> PageRequest {
        let mut page = PageRequest::read(
            request.method(),
            request.version(),
            request.headers(),
            request.extensions(),
        )
        .name(std::any::type_name::<C>())
        .called_at(self.call_site);
        if let Some(settings) = &self.settings {
            page = page.settings(settings.clone());
        }
        if let Some(grace) = self.grace {
            page = page.grace(grace);
        }
        if self.whole {
            page = page.whole();
        }
        page
    }
}

impl<C: Clone, A, S> Clone for PageHandler<C, A, S> {
    fn clone(&self) -> Self {
        Self {
            component: self.component.clone(),
            settings: self.settings.clone(),
            grace: self.grace,
            whole: self.whole,
            call_site: self.call_site,
            arguments: PhantomData,
        }
    }
}

impl<C, A, S> fmt::Debug for PageHandler<C, A, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageHandler")
            .field("component", &std::any::type_name::<C>())
            .field("call_site", &self.call_site)
            .finish_non_exhaustive()
    }
}

impl<C, A, S> Handler<(PageHandler<C, A, S>,), S> for PageHandler<C, A, S>
where
    C: Component<A, S>,
    A: 'static,
    S: Send + Sync + 'static,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, mut request: Request, state: S) -> Self::Future {
        match self.component.start() {
            Some(component) => {
                let page = self.visit(&request).render_timed(component);
                Box::pin(page.map(IntoResponse::into_response))
            }
            None => Box::pin(async move {
                // From here on, every extractor finds the same parts.
                let extensions = request.extensions_mut();
                let parts = extensions.get_or_insert_default::<ResponseParts>().clone();
                let page = self.visit(&request);
                let since = page.watch().begin();
                let extracted = self.component.extract(request, &state).await;
                if since.is_some() {
                    page.watch().end("extract", &page.place(), since);
                }
                match extracted {
                    Ok(component) => page.render_timed(component).await.into_response(),
                    Err(rejection) => {
                        let name = std::any::type_name::<C>();
                        match failure_of(rejection, Some(name), None, Some(&parts)) {
                            Ok(error) => page.render_timed(ready(Err(error))).await.into_response(),
                            Err(rejection) => with_parts(rejection, Some(&parts)),
                        }
                    }
                }
            }),
        }
    }
}

/// An async function from extractors to [`Result`], which [`page`] takes.
///
/// Implemented for functions of up to eight arguments: all of them `FromRequestParts`, the last
/// one `FromRequest`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no page",
    label = "not an async function from axum extractors to `Result<Markup>`",
    note = "a page is `async fn(extractors…) -> anabranch::Result<Markup>`; every argument is an \
            axum extractor, and only the last may take the request's body",
    note = "a state is taken as `State(db): State<Db>`, and `Db` is the state of this app, `{S}`, or \
            a part of it by `FromRef`; that of an `app/` folder is named by \
            `anabranch::app!(Db)`",
    note = "what `Path<…>` and `Query<…>` read into derives `Deserialize`",
    note = "its future is `Send`: what is not, such as an `Rc`, may not live across an `.await`"
)]
pub trait Component<A, S>: Clone + Send + Sync + 'static {
    /// The component, with its arguments.
    type Future: Future<Output = Result> + Send + 'static;

    /// The component, if it takes nothing from its request.
    fn start(&self) -> Option<Self::Future> {
        None
    }

    /// Extracts the arguments.
    ///
    /// # Errors
    /// The response of the extractor that rejected the request.
    fn extract(
        self,
        request: Request,
        state: &S,
    ) -> impl Future<Output = Result<Self::Future, Response>> + Send;
}

impl<C, F, S> Component<(), S> for C
where
    C: FnOnce() -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Result> + Send + 'static,
    S: Sync,
{
    type Future = F;

    fn start(&self) -> Option<F> {
        Some(self.clone()())
    }

    async fn extract(self, _: Request, _: &S) -> Result<F, Response> {
        Ok(self())
    }
}

macro_rules! component {
    ($($parts:ident)* ; $last:ident) => {
        // Type parameters are in upper case; their values go by the same names.
        #[allow(non_snake_case, unused_mut)]
        impl<C, F, S, M, $($parts,)* $last> Component<(M, $($parts,)* $last,), S> for C
        where
            C: FnOnce($($parts,)* $last) -> F + Clone + Send + Sync + 'static,
            F: Future<Output = Result> + Send + 'static,
            S: Send + Sync,
            $($parts: FromRequestParts<S> + Send,)*
            $last: FromRequest<S, M> + Send,
        {
            type Future = F;

            async fn extract(self, request: Request, state: &S) -> Result<F, Response> {
                let (mut parts, body) = request.into_parts();
                $(
                    let $parts = $parts::from_request_parts(&mut parts, state)
                        .await
                        .map_err(IntoResponse::into_response)?;
                )*
                let request = Request::from_parts(parts, body);
                let $last = $last::from_request(request, state)
                    .await
                    .map_err(IntoResponse::into_response)?;
                Ok(self($($parts,)* $last))
            }
        }
    };
}

component!(; T1);
component!(T1; T2);
component!(T1 T2; T3);
component!(T1 T2 T3; T4);
component!(T1 T2 T3 T4; T5);
component!(T1 T2 T3 T4 T5; T6);
component!(T1 T2 T3 T4 T5 T6; T7);
component!(T1 T2 T3 T4 T5 T6 T7; T8);
