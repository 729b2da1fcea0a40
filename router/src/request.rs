//! What a request says about the page it asks for.

use std::borrow::Cow;
use std::convert::Infallible;
use std::panic::Location;
use std::time::Duration;

use anabranch_boundaries::Result;
use anabranch_engine::{Audience, Connection, Monitor, ResponseParts, Settings, Visit, render};
use anabranch_html::csp::Nonce;
use axum::extract::{FromRequestParts, Request};
use futures_util::FutureExt;
use futures_util::future::Either;
use http::header::{self, USER_AGENT};
use http::request::Parts;
use http::{Extensions, HeaderMap, Method, Version};

use crate::Page;
use crate::watch::Watch;

/// Extractor that renders a page inside a handler.
///
/// It knows from the request who reads the page: bots, HEAD and HTTP/1.0 get it whole. A proxy
/// that speaks HTTP/1.0 gets the stream, if the server is one that can tell it of a cut.
///
/// [`Settings`] and a [`Nonce`] are taken from the request's extensions, where
/// `.layer(Extension(settings))` or a middleware has put them. So are the server's
/// [`Connection`](anabranch_engine::Connection) and a [`Monitor`].
///
/// ```
/// use anabranch_router::{Page, PageRequest};
/// use maud::html;
///
/// async fn home(request: PageRequest) -> Page {
///     request.render(async { Ok(html! { h1 { "Hello" } }) }).await
/// }
/// # let _: axum::Router = axum::Router::new().route("/", axum::routing::get(home));
/// ```
#[derive(Clone, Debug)]
pub struct PageRequest {
    visit: Visit,
}

impl PageRequest {
    /// Reads the head of a request.
    pub(crate) fn read(
        method: &Method,
        version: Version,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Self {
        let connection = extensions.get::<Connection>();
        let audience = Audience {
            whole: method == Method::HEAD || !can_stream(version, headers, connection),
            user_agent: headers.get(USER_AGENT).cloned(),
        };
        Self {
            visit: Visit {
                settings: extensions.get::<Settings>().cloned().unwrap_or_default(),
                audience,
                nonce: extensions.get::<Nonce>().cloned(),
                parts: extensions.get::<ResponseParts>().cloned(),
                drain: connection.map(|connection| connection.drain().clone()),
                monitor: extensions.get::<Monitor>().cloned(),
                name: None,
                call_site: Location::caller(),
            },
        }
    }

    /// Reads the head of a request for a page of an app that has settings of its own; those in
    /// the request come first.
    pub(crate) fn of(request: &Request, settings: Option<&Settings>) -> Self {
        let (headers, extensions) = (request.headers(), request.extensions());
        let page = Self::read(request.method(), request.version(), headers, extensions);
        match settings {
            Some(settings) if extensions.get::<Settings>().is_none() => {
                page.settings(settings.clone())
            }
            _ => page,
        }
    }

    /// For a page whose request is gone.
    pub(crate) fn plain(settings: Settings) -> Self {
        let (headers, extensions) = (HeaderMap::new(), Extensions::new());
        Self::read(&Method::GET, Version::HTTP_11, &headers, &extensions).settings(settings)
    }

    /// The settings of the page.
    pub(crate) fn settings_of(&self) -> &Settings {
        &self.visit.settings
    }

    /// Whether its reader gets the page in one piece.
    pub(crate) fn wants_whole(&self) -> bool {
        self.visit.audience.wants_whole(&self.visit.settings)
    }

    /// Uses these parts.
    pub(crate) fn with_parts(mut self, parts: ResponseParts) -> Self {
        self.visit.parts = Some(parts);
        self
    }

    /// Sends the page whole, whoever reads it.
    #[must_use]
    pub fn whole(mut self) -> Self {
        self.visit.audience.whole = true;
        self
    }

    /// Uses these settings instead of the app's.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.visit.settings = settings;
        self
    }

    /// Lets the complete shell wait this long for boundaries. See [`Settings::grace`].
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.visit.settings = self.visit.settings.grace(grace);
        self
    }

    /// Puts a nonce on the page's scripts. It must be new for every response.
    #[must_use]
    pub fn nonce(mut self, nonce: Nonce) -> Self {
        self.visit.nonce = Some(nonce);
        self
    }

    /// What logs call the page. The default is where it is rendered.
    #[must_use]
    pub fn name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.visit.name = Some(name.into());
        self
    }

    /// Status, headers and cookies of the response.
    #[must_use]
    pub fn parts(&self) -> ResponseParts {
        self.visit.parts.clone().unwrap_or_default()
    }

    /// Drives `page` to its commit point.
    ///
    /// # Cancel safety
    /// Dropping the future drops the page and everything that it started.
    #[track_caller]
    pub fn render(
        self,
        page: impl Future<Output = Result> + Send + 'static,
    ) -> impl Future<Output = Page> + Send {
        self.called_at(Location::caller()).render_timed(page)
    }

    /// Where the page was made.
    pub(crate) fn called_at(mut self, call_site: &'static Location<'static>) -> Self {
        self.visit.call_site = call_site;
        self
    }

    /// Whoever observes the page.
    pub(crate) fn watch(&self) -> Watch {
        Watch::of(self.visit.monitor.as_ref())
    }

    /// Where the page was made, for whoever observes it.
    pub(crate) fn place(&self) -> String {
        self.visit.call_site.to_string()
    }

    /// As [`render`](Self::render), for a page whose place is known.
    pub(crate) fn render_timed(
        self,
        page: impl Future<Output = Result> + Send + 'static,
    ) -> impl Future<Output = Page> + Send {
        let watch = self.watch();
        if !watch.is_on() {
            return Either::Left(self.render_here(page));
        }
        let timed = watch.time("page", self.place(), Box::pin(page));
        Either::Right(self.render_here(timed))
    }

    /// The same for a page whose parts are timed, if at all.
    pub(crate) fn render_here(
        self,
        page: impl Future<Output = Result> + Send + 'static,
    ) -> impl Future<Output = Page> + Send {
        // Not an async block, which would hold the future twice: captured, and awaited.
        render(self.visit, page).map(Page::from)
    }
}

impl<S: Sync> FromRequestParts<S> for PageRequest {
    type Rejection = Infallible;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, Infallible> {
        // From here on, every extractor and middleware finds the same parts.
        request.extensions.get_or_insert_default::<ResponseParts>();
        Ok(Self::read(
            &request.method,
            request.version,
            &request.headers,
            &request.extensions,
        ))
    }
}

/// Whether a response may be sent in parts.
///
/// HTTP/1.0 marks the end of a stream by closing the connection, which a cut looks like unless it
/// is a reset. So both ends have to be right: the server is our own, which resets (it leaves its
/// [`Connection`]), and the client is a proxy, behind which somebody waits for the shell. nginx before
/// 1.29.7 is one by default. It is told by `Connection: close`, which a client of HTTP/1.0 has no
/// reason to send: it is what happens anyway. A Unix socket, whose client has no address, cannot be
/// reset.
fn can_stream(version: Version, headers: &HeaderMap, server: Option<&Connection>) -> bool {
    match version {
        Version::HTTP_09 => false,
        Version::HTTP_10 => says_close(headers) && server.is_some_and(is_tcp),
        _ => true,
    }
}

fn is_tcp(connection: &Connection) -> bool {
    connection.peer().is_some()
}

fn says_close(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::CONNECTION).iter();
    let mut options = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    options.any(|option| option.trim().eq_ignore_ascii_case("close"))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn http_1_0_streams_to_a_proxy_and_from_our_own_server_only() {
        let ours = |peer| Some(Connection::new(peer, anabranch_engine::Drain::new()));
        let tcp = || ours(Some(([127, 0, 0, 1], 1).into()));
        let streams = |version, says: Option<&'static str>, server: Option<Connection>| {
            let mut headers = HeaderMap::new();
            if let Some(says) = says {
                headers.insert(header::CONNECTION, HeaderValue::from_static(says));
            }
            let mut extensions = Extensions::new();
            if let Some(connection) = server {
                extensions.insert(connection);
            }
            let get = PageRequest::read(&Method::GET, version, &headers, &extensions);
            let head = PageRequest::read(&Method::HEAD, version, &headers, &extensions);
            assert!(head.wants_whole());
            !get.wants_whole()
        };
        let old = Version::HTTP_10;
        assert!(streams(old, Some("close"), tcp()));
        assert!(streams(old, Some("TE, Close"), tcp()));
        for (says, server) in [
            (Some("close"), None),
            // A Unix socket.
            (Some("close"), ours(None)),
            (Some("keep-alive"), tcp()),
            (Some("closed"), tcp()),
            (None, tcp()),
        ] {
            assert!(!streams(old, says, server.clone()), "{says:?} {server:?}");
        }
        assert!(!streams(Version::HTTP_09, Some("close"), tcp()));
        for version in [Version::HTTP_11, Version::HTTP_2] {
            assert!(streams(version, None, None), "{version:?}");
        }
    }
}
