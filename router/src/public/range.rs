//! `Range` -> the part of a file that is meant.

use http::header::RANGE;
use http::{HeaderMap, HeaderValue};

/// What a request wants of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it: no range, none that is well formed, or several.
    Whole,
    /// The bytes from `start` up to and without `end`; at least one.
    Part { start: u64, end: u64 },
    /// Something behind its end.
    Unsatisfiable,
}

/// The part of a file of `len` bytes that a request asks for.
pub(super) fn requested(headers: &HeaderMap, len: u64) -> Extent {
    let range = headers.get(RANGE).map(HeaderValue::to_str);
    match range {
        Some(Ok(range)) => parse(range, len).unwrap_or(Extent::Whole),
        Some(Err(_)) | None => Extent::Whole,
    }
}

/// `bytes=0-99`, `bytes=100-`, `bytes=-100`. `None` for what RFC 9110 lets a server ignore.
fn parse(range: &str, len: u64) -> Option<Extent> {
    let (unit, range) = range.split_once('=')?;
    if !unit.eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = range.trim().split_once('-')?;
    let extent = match (first, last) {
        ("", last) => match number(last)? {
            0 => Extent::Unsatisfiable,
            // Of an empty file, the last bytes are all there are.
            _ if len == 0 => Extent::Whole,
            suffix => Extent::Part {
                start: len.saturating_sub(suffix),
                end: len,
            },
        },
        (first, last) => {
            let start = number(first)?;
            let end = if last.is_empty() {
                len
            } else {
                number(last)?.saturating_add(1)
            };
            // By their digits, since numbers may be longer than any integer.
            if !last.is_empty() && size(last) < size(first) {
                return None;
            }
            if start >= len {
                Extent::Unsatisfiable
            } else {
                let end = end.min(len);
                Extent::Part { start, end }
            }
        }
    };
    Some(extent)
}

/// Digits as a number; more than fits is as good as infinite.
fn number(digits: &str) -> Option<u64> {
    let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    numeric.then(|| digits.parse().unwrap_or(u64::MAX))
}

/// What orders numbers as their values do.
fn size(digits: &str) -> (usize, &str) {
    let digits = digits.trim_start_matches('0');
    (digits.len(), digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_rfc_9110_says() {
        let part = |start, end| Extent::Part { start, end };
        for (range, extent) in [
            ("bytes=0-0", part(0, 1)),
            ("bytes=0-9", part(0, 10)),
            ("bytes=0-", part(0, 10)),
            ("bytes=9-", part(9, 10)),
            ("bytes=3-99", part(3, 10)),
            ("bytes=-1", part(9, 10)),
            ("bytes=-99", part(0, 10)),
            ("Bytes=1-2", part(1, 3)),
            ("bytes= 1-2 ", part(1, 3)),
            ("bytes=0-18446744073709551615", part(0, 10)),
            ("bytes=0-99999999999999999999999", part(0, 10)),
            ("bytes=-99999999999999999999999", part(0, 10)),
            ("bytes=007-10", part(7, 10)),
            ("bytes=10-", Extent::Unsatisfiable),
            ("bytes=10-20", Extent::Unsatisfiable),
            ("bytes=99999999999999999999999-", Extent::Unsatisfiable),
            ("bytes=-0", Extent::Unsatisfiable),
            ("bytes=2-1", Extent::Whole),
            (
                "bytes=99999999999999999999999-18446744073709551616",
                Extent::Whole,
            ),
            ("bytes=0-0,2-3", Extent::Whole),
            ("bytes=-", Extent::Whole),
            ("bytes=", Extent::Whole),
            ("bytes", Extent::Whole),
            ("bytes=a-b", Extent::Whole),
            ("bytes=+1-2", Extent::Whole),
            ("bytes=1--2", Extent::Whole),
            ("bytes=0x1-2", Extent::Whole),
            ("lines=0-1", Extent::Whole),
            ("", Extent::Whole),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RANGE, HeaderValue::from_static(range));
            assert_eq!(requested(&headers, 10), extent, "{range:?}");
        }
        assert_eq!(parse("bytes=0-", 0), Some(Extent::Unsatisfiable));
        assert_eq!(parse("bytes=-5", 0), Some(Extent::Whole));
    }
}
