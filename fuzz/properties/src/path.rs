//! Every path has one spelling, which route and middleware share.

use std::sync::LazyLock;

use anabranch_router::app::{Leaf, Path, Request, Routes};
use axum::Router;
use http::header::LOCATION;
use http::{HeaderMap, StatusCode, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::answer;

/// RFC 3986's `pchar`, the percent sign aside.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@');

/// An app that answers every path with its segments. What the middleware saw is a header.
static APP: LazyLock<Router> = LazyLock::new(|| {
    let leaf = Leaf::new()
        .middleware(0, |mut request: Request| async move {
            let path = request
                .uri()
                .path()
                .parse()
                .expect("a path is a header value");
            request.headers_mut().insert("x-seen", path);
            request
        })
        .get(
            1,
            |headers: HeaderMap, Path(segments): Path<Vec<String>>| async move {
                let seen = headers.get("x-seen").cloned().expect("the middleware ran");
                ([("x-seen", seen)], segments.join("\n"))
            },
        );
    Routes::new().route("/[[...rest]]", leaf).into_router()
});

/// A path and a query, as they come in a request line.
///
/// # Panics
/// If the path is answered in any spelling but one, a redirect leads anywhere but to that one, or
/// a path that no route may see reaches a route.
pub fn check(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Ok(uri) = text.parse::<Uri>() else {
        return;
    };
    // What names a host as well is for proxies.
    if uri.authority().is_some() || !uri.path().starts_with('/') {
        return;
    }
    let answer = answer::get(&APP, uri.clone());
    let Some(segments) = segments(uri.path()) else {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{uri}");
        return;
    };
    let canonical = canonical(&segments);
    if uri.path() == canonical {
        assert_eq!(answer.status, StatusCode::OK, "{uri}");
        assert_eq!(answer.body, segments.join("\n"), "{uri}");
        assert_eq!(answer.headers["x-seen"], canonical, "{uri}");
        return;
    }
    assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{uri}");
    let query = uri.query().map(|query| format!("?{query}"));
    let expected = canonical.clone() + &query.unwrap_or_default();
    assert_eq!(answer.headers[LOCATION], expected, "{uri}");
    // A browser would take two slashes for a host.
    assert!(!canonical.starts_with("//"), "{uri}");
    let next = answer::get(&APP, expected.parse().expect("a location is a URI"));
    assert_eq!(next.status, StatusCode::OK, "{uri} -> {expected}");
    assert_eq!(next.body, segments.join("\n"), "{uri} -> {expected}");
}

/// The texts of a path's segments; `None` if one of them is not for any route to see.
fn segments(path: &str) -> Option<Vec<String>> {
    let segments = path.split('/').filter(|segment| !segment.is_empty());
    segments.map(text).collect()
}

fn text(segment: &str) -> Option<String> {
    let mut codes = segment.split('%');
    codes.next();
    let well_formed = codes.all(|code| {
        let digits = code.chars().take(2).filter(char::is_ascii_hexdigit);
        digits.count() == 2
    });
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    let harmless = text != "." && text != ".." && !text.contains(char::is_control);
    (well_formed && harmless && !segment.contains('\\')).then(|| text.into_owned())
}

fn canonical(segments: &[String]) -> String {
    let encoded = segments
        .iter()
        .map(|text| format!("/{}", utf8_percent_encode(text, ENCODED)));
    let path: String = encoded.collect();
    if path.is_empty() {
        "/".to_owned()
    } else {
        path
    }
}
