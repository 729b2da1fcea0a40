//! The path of the page that is shown, for the link that is active.

use std::convert::Infallible;
use std::fmt;

use axum::extract::FromRequestParts;
use http::Uri;
use http::request::Parts;
use maud::Render;

/// Extractor of the request's path, percent-encoded as in the URL and without the query.
///
/// A layout marks the active link with it:
///
/// ```
/// use anabranch_boundaries::Result;
/// use anabranch_router::app::{Children, CurrentPath};
/// use maud::html;
///
/// pub async fn render(children: Children, path: CurrentPath) -> Result {
///     Ok(html! {
///         nav {
///             a href="/" aria-current=[path.aria_current("/")] { "Home" }
///             a href="/airports" aria-current=[path.aria_current("/airports")] { "Airports" }
///         }
///         (children.await?)
///     })
/// }
/// ```
///
/// Of a path with a part that no route may see, as `/blog/%ff` is, it is what comes before that
/// part. No link leads to such a page, so none is this page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CurrentPath {
    uri: Uri,
    is_cut: bool,
}

/// Request extension: its path is cut before a part that no route may see.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut;

impl CurrentPath {
    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.uri.path()
    }

    /// Whether it is this path.
    #[must_use]
    pub fn is(&self, path: impl AsRef<str>) -> bool {
        self.as_str() == path.as_ref()
    }

    /// Whether it is this path or one below it: `/airports` and `/airports/JFK`, not
    /// `/airports-map`.
    #[must_use]
    pub fn starts_with(&self, path: impl AsRef<str>) -> bool {
        let path = path.as_ref().trim_end_matches('/');
        let below = self.as_str().strip_prefix(path);
        below.is_some_and(|below| below.is_empty() || below.starts_with('/'))
    }

    /// The value of [`aria-current`](https://www.w3.org/TR/wai-aria-1.2/#aria-current) for a link
    /// to `path`: `page` if it is this page, `true` if this page is below it. Every page is below
    /// `/`, which says nothing, so that a link there is current on `/` alone.
    #[must_use]
    pub fn aria_current(&self, path: impl AsRef<str>) -> Option<&'static str> {
        let path = path.as_ref();
        if self.is(path) && !self.is_cut {
            Some("page")
        } else {
            (path != "/" && self.starts_with(path)).then_some("true")
        }
    }
}

impl AsRef<str> for CurrentPath {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for CurrentPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Render for CurrentPath {
    fn render_to(&self, buffer: &mut String) {
        self.as_str().render_to(buffer);
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentPath {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self {
            uri: parts.uri.clone(),
            is_cut: parts.extensions.get::<Cut>().is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_ends_where_a_segment_does() {
        let path = CurrentPath {
            uri: "/airports/JFK?x=1".parse().unwrap(),
            is_cut: false,
        };
        assert!(path.is("/airports/JFK") && !path.is("/airports"));
        for above in ["/", "/airports", "/airports/", "/airports/JFK"] {
            assert!(path.starts_with(above), "{above}");
        }
        for other in ["/air", "/airports/J", "/airports/JFK/x", "airports"] {
            assert!(!path.starts_with(other), "{other}");
        }
        assert_eq!(path.aria_current("/airports/JFK"), Some("page"));
        assert_eq!(path.aria_current("/airports"), Some("true"));
        assert_eq!(path.aria_current("/"), None);
        assert_eq!(maud::html! { (path) }.into_string(), "/airports/JFK");
    }
}
