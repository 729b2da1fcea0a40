//! Every page as Markdown: for whoever says so in `Accept`, and at its path with `.md` behind.

mod accept;

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::guide::Page;
use crate::{search, watch};

pub use accept::prefers_markdown;

/// A page that can be had as Markdown.
#[derive(Clone, Copy, Debug)]
pub enum Text {
    /// One that is Markdown to begin with.
    Written(&'static Page),
    /// What a search finds.
    Search,
    /// What there would be to watch.
    Watch,
}

impl Text {
    /// The page at a path.
    #[must_use]
    pub fn at(path: &str) -> Option<Self> {
        match path {
            "/search" => Some(Self::Search),
            "/watch" => Some(Self::Watch),
            path => Page::at(path).map(Self::Written),
        }
    }

    /// The page at a path that ends in `.md`.
    #[must_use]
    pub fn at_file(path: &str) -> Option<Self> {
        match path.strip_suffix(".md")? {
            "/index" => Self::at("/"),
            "/" => None,
            path => Self::at(path),
        }
    }

    /// Its Markdown; `query` is that of the request.
    #[must_use]
    pub fn render(self, query: &str) -> Cow<'static, str> {
        match self {
            Self::Written(page) => Cow::Borrowed(page.markdown),
            Self::Search => Cow::Owned(search::markdown(&search::Query::of_request(query))),
            Self::Watch => Cow::Borrowed(watch::MARKDOWN),
        }
    }

    /// The response to a request with this query.
    #[must_use]
    pub fn answer(self, query: &str) -> Response {
        let text_type = HeaderValue::from_static("text/markdown; charset=utf-8");
        let headers = HeaderMap::from_iter([
            (header::CONTENT_TYPE, text_type),
            (header::VARY, HeaderValue::from_static("accept")),
        ]);
        (headers, self.render(query).into_owned()).into_response()
    }
}
