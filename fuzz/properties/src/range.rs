//! A range of a file is what RFC 9110 says, and those bytes.

use std::ops::Range;
use std::sync::LazyLock;

use anabranch_router::public::{Embedded, Public};
use futures_util::FutureExt;
use http::header::{CONTENT_LENGTH, CONTENT_RANGE, RANGE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;

static FILES: [Embedded; 3] = [
    Embedded::new("/empty", b""),
    Embedded::new("/one", b"x"),
    Embedded::new("/ten", b"0123456789"),
];

const CONTENTS: [(&str, &[u8]); 3] = [("/empty", b""), ("/one", b"x"), ("/ten", b"0123456789")];

static PUBLIC: LazyLock<Public> = LazyLock::new(|| Public::embedded(&FILES));

/// A `Range` header.
///
/// # Panics
/// If status, headers and body of the answer are not those of the part that it names.
pub fn check(input: &[u8]) {
    let Ok(range) = HeaderValue::from_bytes(input) else {
        return;
    };
    for (path, content) in CONTENTS {
        check_file(path, content, &range);
    }
}

fn check_file(path: &str, content: &[u8], range: &HeaderValue) {
    let mut headers = HeaderMap::new();
    headers.insert(RANGE, range.clone());
    let answer = async {
        let response = PUBLIC.answer(&Method::GET, path, &headers).await;
        let (head, body) = response.expect("the file is there").into_parts();
        let body = body.collect().await.expect("a body in memory");
        (head, body.to_bytes())
    };
    let (head, body) = answer.now_or_never().expect("a file in memory is ready");
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok());

    let len = content.len();
    let (status, content_range, expected) = match requested(range, len) {
        None => (StatusCode::OK, None, content),
        Some(part) if part.is_empty() => (
            StatusCode::RANGE_NOT_SATISFIABLE,
            Some(format!("bytes */{len}")),
            &content[..0],
        ),
        Some(part) => (
            StatusCode::PARTIAL_CONTENT,
            Some(format!("bytes {}-{}/{len}", part.start, part.end - 1)),
            &content[part],
        ),
    };
    assert_eq!(head.status, status, "{range:?} of {path}");
    assert_eq!(
        text(CONTENT_RANGE),
        content_range.as_deref(),
        "{range:?} of {path}"
    );
    assert_eq!(body, expected, "{range:?} of {path}");
    if status != StatusCode::RANGE_NOT_SATISFIABLE {
        let length = expected.len().to_string();
        assert_eq!(text(CONTENT_LENGTH), Some(&*length), "{range:?} of {path}");
    }
}

/// The part that is asked for: empty if there is none of it, `None` if it is the whole file.
fn requested(range: &HeaderValue, len: usize) -> Option<Range<usize>> {
    let range = range.to_str().ok()?;
    let (unit, set) = range.split_once('=')?;
    let (first, last) = set.trim().split_once('-')?;
    let is_reversed = is_less(last, first);
    let (first, last) = (number(first)?, number(last)?);
    let len_wide = len as u128;
    let part = match (first, last) {
        (None, None) => return None,
        (None, Some(0)) => 0..0,
        // The last bytes of nothing are all of it.
        (None, Some(_)) if len == 0 => return None,
        (None, Some(suffix)) => len_wide.saturating_sub(suffix)..len_wide,
        (Some(_), Some(_)) if is_reversed => return None,
        (Some(first), last) => {
            first..last.map_or(len_wide, |last| len_wide.min(last.saturating_add(1)))
        }
    };
    let narrow = |at: u128| usize::try_from(at).unwrap_or(usize::MAX);
    let part = narrow(part.start)..narrow(part.end);
    unit.eq_ignore_ascii_case("bytes").then_some(part)
}

/// Whether a number is less than another, whatever their lengths.
fn is_less(one: &str, other: &str) -> bool {
    let width = one.len().max(other.len());
    format!("{one:0>width$}") < format!("{other:0>width$}")
}

/// Digits as a number, `Some(None)` if there are none. Numbers may be longer than any integer.
fn number(digits: &str) -> Option<Option<u128>> {
    if digits.is_empty() {
        return Some(None);
    }
    let value = digits.chars().try_fold(0_u128, |value, digit| {
        let digit = digit.to_digit(10)?;
        Some(value.saturating_mul(10).saturating_add(digit.into()))
    });
    value.map(Some)
}
