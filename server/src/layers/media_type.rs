//! A media type, compared as RFC 9110 says: without its parameters, in any case.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// The type of a response, such as `text/html`.
#[derive(Clone, Copy)]
pub(super) struct MediaType<'h>(&'h [u8]);

impl<'h> MediaType<'h> {
    pub(super) fn of(headers: &'h HeaderMap) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?.as_bytes();
        let end = value.iter().position(|byte| *byte == b';');
        Some(Self(value[..end.unwrap_or(value.len())].trim_ascii()))
    }

    pub(super) fn is(self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name.as_bytes())
    }

    pub(super) fn begins(self, start: &str) -> bool {
        let own = self.0.get(..start.len());
        own.is_some_and(|own| own.eq_ignore_ascii_case(start.as_bytes()))
    }

    pub(super) fn ends(self, end: &str) -> bool {
        let at = self.0.len().checked_sub(end.len());
        at.is_some_and(|at| self.0[at..].eq_ignore_ascii_case(end.as_bytes()))
    }
}
