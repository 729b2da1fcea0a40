//! Which security header goes with which response.

use anabranch_html::csp::{ScriptSource, allow_script};
use axum::response::Response;
use http::header::{CONTENT_SECURITY_POLICY, Entry, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::Config;
use super::media_type::MediaType;

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const REFERRER: HeaderValue = HeaderValue::from_static("strict-origin-when-cross-origin");
const FRAMES: HeaderValue = HeaderValue::from_static("frame-ancestors 'self'");

/// What a response is to a browser that is led to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Runs scripts.
    Document,
    /// Shows in a frame.
    Data,
    /// Is part of a page: a style, a script, an image, a font.
    Part,
    Nothing,
}

impl Kind {
    fn of(status: StatusCode, headers: &HeaderMap) -> Self {
        // What a 304 says of its content replaces what was stored.
        if status == StatusCode::NOT_MODIFIED {
            return Self::Nothing;
        }
        let Some(media) = MediaType::of(headers) else {
            return Self::Nothing;
        };
        if media.is("text/html") || media.ends("/xml") || media.ends("+xml") {
            Self::Document
        } else if media.is("text/css")
            || media.ends("/javascript")
            || ["image/", "font/", "audio/", "video/"]
                .into_iter()
                .any(|start| media.begins(start))
        {
            Self::Part
        } else {
            Self::Data
        }
    }
}

/// Adds the headers that the response does not have.
pub(super) fn secure(config: &Config, response: &mut Response) {
    let status = response.status();
    let script = response.extensions_mut().remove::<ScriptSource>();
    let headers = response.headers_mut();
    add(headers, X_CONTENT_TYPE_OPTIONS, &NOSNIFF);
    add(headers, REFERRER_POLICY, &REFERRER);
    let policy = match Kind::of(status, headers) {
        Kind::Document => config.csp.as_ref(),
        Kind::Data => Some(&FRAMES),
        Kind::Part | Kind::Nothing => None,
    };
    if let Some(policy) = policy {
        let allowing = script.and_then(|script| allowing(policy, script));
        let policy = allowing.as_ref().unwrap_or(policy);
        add(headers, CONTENT_SECURITY_POLICY, policy);
    }
}

/// The app's policy, for a page to which another layer has added a script.
fn allowing(policy: &HeaderValue, ScriptSource(source): ScriptSource) -> Option<HeaderValue> {
    let policy = allow_script(policy.to_str().ok()?, source)?;
    HeaderValue::try_from(policy).ok()
}

fn add(headers: &mut HeaderMap, name: HeaderName, value: &HeaderValue) {
    if let Entry::Vacant(entry) = headers.entry(name) {
        entry.insert(value.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::CONTENT_TYPE;

    #[test]
    fn kinds_are_told_by_media_type() {
        for (media_type, kind) in [
            ("text/html; charset=utf-8", Kind::Document),
            ("TEXT/HTML ;charset=utf-8", Kind::Document),
            ("image/svg+xml", Kind::Document),
            ("application/xhtml+xml", Kind::Document),
            ("application/atom+xml", Kind::Document),
            ("text/xml", Kind::Document),
            ("application/json", Kind::Data),
            ("text/plain", Kind::Data),
            ("application/pdf", Kind::Data),
            ("", Kind::Data),
            ("image/png", Kind::Part),
            ("font/woff2", Kind::Part),
            ("text/css", Kind::Part),
            ("text/javascript; charset=utf-8", Kind::Part),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            assert_eq!(Kind::of(StatusCode::OK, &headers), kind, "{media_type:?}");
            assert_eq!(Kind::of(StatusCode::NOT_MODIFIED, &headers), Kind::Nothing);
        }
        assert_eq!(Kind::of(StatusCode::OK, &HeaderMap::new()), Kind::Nothing);
    }
}
