//! Conditional requests: what the client knows of a file, and what that means for the answer.

use std::time::{Duration, SystemTime};

use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE};
use http::{HeaderMap, HeaderName, HeaderValue};
use httpdate::HttpDate;

/// What the preconditions of a request come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Send,
    /// The client has it: 304.
    NotModified,
    /// The client wanted another one: 412.
    Failed,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Validators<'f> {
    pub(super) etag: &'f str,
    pub(super) modified: Option<SystemTime>,
}

impl Validators<'_> {
    /// Evaluates the preconditions, in the order of RFC 9110, 13.2.2.
    pub(super) fn check(self, headers: &HeaderMap) -> Outcome {
        let changed_after = |date: Option<HttpDate>| {
            let modified = self.modified.map(HttpDate::from);
            Some(modified? > date?)
        };
        if headers.contains_key(IF_MATCH) {
            if !self.is_listed(headers, IF_MATCH, strongly_equal) {
                return Outcome::Failed;
            }
        } else if changed_after(date(headers, IF_UNMODIFIED_SINCE)) == Some(true) {
            return Outcome::Failed;
        }
        let has_it = if headers.contains_key(IF_NONE_MATCH) {
            self.is_listed(headers, IF_NONE_MATCH, weakly_equal)
        } else {
            changed_after(date(headers, IF_MODIFIED_SINCE)) == Some(false)
        };
        if has_it {
            Outcome::NotModified
        } else {
            Outcome::Send
        }
    }

    /// Whether a part would fit what the client has. True without `If-Range`.
    pub(super) fn allow_part(self, headers: &HeaderMap) -> bool {
        let Some(condition) = headers.get(IF_RANGE) else {
            return true;
        };
        if strongly_equal(condition.as_bytes(), self.etag) {
            return true;
        }
        let exact = |modified: SystemTime| {
            // A date has no more than seconds: a file of this second may change within it.
            let settled = modified + Duration::from_secs(1) <= SystemTime::now();
            settled && date(headers, IF_RANGE) == Some(HttpDate::from(modified))
        };
        self.modified.is_some_and(exact)
    }

    fn is_listed(
        self,
        headers: &HeaderMap,
        name: HeaderName,
        equal: fn(&[u8], &str) -> bool,
    ) -> bool {
        let mut lines = headers.get_all(name).into_iter().map(HeaderValue::as_bytes);
        lines.any(|line| line == b"*" || etags(line).any(|etag| equal(etag, self.etag)))
    }
}

fn date(headers: &HeaderMap, name: HeaderName) -> Option<HttpDate> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

/// Ours has the form of a strong one, so only a strong one can be equal.
fn strongly_equal(theirs: &[u8], ours: &str) -> bool {
    theirs == ours.as_bytes()
}

fn weakly_equal(theirs: &[u8], ours: &str) -> bool {
    strongly_equal(theirs.strip_prefix(b"W/").unwrap_or(theirs), ours)
}

/// The entity tags of a list. A comma in quotes is part of its tag.
fn etags(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut quoted = false;
    let separator = move |byte: &u8| {
        quoted ^= *byte == b'"';
        *byte == b',' && !quoted
    };
    list.split(separator).map(<[u8]>::trim_ascii)
}
