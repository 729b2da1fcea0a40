//! What the table found out about a request: its route and the values of its parameters.

use std::borrow::Cow;
use std::convert::Infallible;
use std::ops::Range;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request};
use http::Extensions;
use http::request::Parts;
use http::uri::PathAndQuery;

use super::canonical::decode;
use super::pattern::{self, Kind, Parameter, Segment};
use super::trie::Values;

/// A route's pattern and the names in it, made once.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) pattern: &'static str,
    parameters: Vec<Parameter>,
    /// Whether it is a route, and not what answers where none matches.
    is_route: bool,
}

impl Route {
    pub(super) fn new(pattern: &'static str, is_route: bool) -> Arc<Self> {
        let segments = pattern::segments(pattern);
        Arc::new(Self {
            pattern,
            parameters: segments.filter_map(Segment::parameter).collect(),
            is_route,
        })
    }

    /// Whether its requests need [`Captures`]: a static route's path says all.
    fn is_static(&self) -> bool {
        self.is_route && self.parameters.is_empty()
    }
}

/// Request extension: the parameters of the matched route. A static route has none.
#[derive(Clone, Debug)]
pub(super) struct Captures {
    route: Arc<Route>,
    path: Option<PathAndQuery>,
    values: Values,
    /// How many parameters are visible where the extractor stands.
    visible: usize,
}

impl Captures {
    /// Leaves what the table found in the request.
    pub(super) fn insert(request: &mut Request, route: &Arc<Route>, values: Values) {
        if !route.is_static() {
            let path = request.uri().path_and_query().cloned();
            request.extensions_mut().insert(Self {
                route: route.clone(),
                path,
                values,
                visible: 0,
            });
        }
    }

    /// Says how many parameters the next extractor sees.
    pub(super) fn show(extensions: &mut Extensions, visible: usize) {
        if let Some(captures) = extensions.get_mut::<Self>() {
            captures.visible = visible;
        }
    }

    pub(super) fn pattern(&self) -> &'static str {
        self.route.pattern
    }

    /// The visible parameters, from the root.
    pub(super) fn visible(
        &self,
    ) -> impl DoubleEndedIterator<Item = Captured<'_>> + ExactSizeIterator {
        let visible = self.visible.min(self.values.len());
        let pairs = self.route.parameters.iter().zip(&self.values[..visible]);
        pairs.map(|(parameter, value)| Captured {
            parameter: *parameter,
            raw: self.text(value),
        })
    }

    fn text(&self, value: &Range<u32>) -> &str {
        let path = self.path.as_ref().map_or("", PathAndQuery::path);
        let range = value.start as usize..value.end as usize;
        path.get(range).unwrap_or_default()
    }
}

/// A parameter and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Captured<'c> {
    parameter: Parameter,
    /// Percent-encoded.
    raw: &'c str,
}

impl<'c> Captured<'c> {
    pub(super) fn name(self) -> &'static str {
        self.parameter.name
    }

    pub(super) fn is_rest(self) -> bool {
        self.parameter.kind == Kind::Rest
    }

    /// Whether it stands for no segment.
    pub(super) fn is_empty(self) -> bool {
        self.raw.is_empty()
    }

    pub(super) fn text(self) -> Cow<'c, str> {
        // The table refuses what is not UTF-8.
        decode(self.raw).unwrap_or_default()
    }

    /// The segments of a rest.
    pub(super) fn segments(self) -> impl Iterator<Item = Self> {
        let segments = self.raw.split('/').filter(|segment| !segment.is_empty());
        segments.map(move |raw| Self {
            parameter: Parameter {
                kind: Kind::One,
                ..self.parameter
            },
            raw,
        })
    }
}

/// Extractor of the route that matched, as its folders spell it: `/flights/[date]`.
///
/// It knows the routes of the `app/` tree only: in a route of your own it is the path. For logs,
/// the span `page` of a page has the same text in its field `name`.
///
/// ```
/// use anabranch_boundaries::Result;
/// use anabranch_router::app::MatchedRoute;
/// use maud::html;
///
/// pub async fn render(route: MatchedRoute) -> Result {
///     Ok(html! { p { "Answered by " (route.pattern().unwrap_or("nobody")) } })
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchedRoute(Option<Cow<'static, str>>);

impl MatchedRoute {
    /// The pattern; `None` where no route matched and a not-found view shows.
    #[must_use]
    pub fn pattern(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<S: Sync> FromRequestParts<S> for MatchedRoute {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let pattern = match parts.extensions.get::<Captures>() {
            Some(captures) => {
                let route = &captures.route;
                route.is_route.then_some(Cow::Borrowed(route.pattern))
            }
            // A static route is spelt as its path is.
            None => {
                let path = decode(parts.uri.path()).unwrap_or_default();
                Some(Cow::Owned(path.into_owned()))
            }
        };
        Ok(Self(pattern))
    }
}
