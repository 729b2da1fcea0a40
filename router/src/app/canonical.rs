//! One spelling for every path, so that what guards a path guards all of its spellings.
//!
//! A path that is spelt otherwise is sent to its canonical spelling; one that no route may ever
//! see (dot segments, control characters, broken encoding) matches nothing.

use std::borrow::Cow;
use std::fmt::Write as _;

use percent_encoding::percent_decode_str;

/// What a request's path is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// Spelt as it should be.
    Canonical,
    /// A path's other spelling; this is the canonical one, which starts with one slash.
    Other(String),
    /// Not a path that a route may see.
    Refused {
        /// The segments before the first bad one, in their canonical spelling.
        safe: String,
    },
}

/// Looks at a request's path, as it was sent.
pub(super) fn spelling(path: &str) -> Spelling {
    if is_plain(path) {
        return Spelling::Canonical;
    }
    let mut canonical = String::with_capacity(path.len());
    if !path.starts_with('/') {
        return Spelling::Refused { safe: canonical };
    }
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if is_bad(segment) {
            return Spelling::Refused { safe: canonical };
        }
        canonical.push('/');
        write_segment(&mut canonical, segment);
    }
    if canonical.is_empty() {
        canonical.push('/');
    }
    if canonical == path {
        Spelling::Canonical
    } else {
        Spelling::Other(canonical)
    }
}

/// Whether a path is canonical at the first look, as most are.
fn is_plain(path: &str) -> bool {
    let mut after_slash = false;
    for (at, &byte) in path.as_bytes().iter().enumerate() {
        let slash = byte == b'/';
        let starts_badly = after_slash && (slash || byte == b'.');
        if starts_badly || !(slash || stands_raw(byte)) || (at == 0 && !slash) {
            return false;
        }
        after_slash = slash;
    }
    path == "/" || (!after_slash && !path.is_empty())
}

/// Whether a segment is one that no route may see.
fn is_bad(segment: &str) -> bool {
    // Browsers and some servers take a backslash for a slash.
    if segment.contains('\\') || !is_well_encoded(segment) {
        return true;
    }
    match decode(segment) {
        Some(text) => text == "." || text == ".." || text.contains(char::is_control),
        None => true,
    }
}

fn is_well_encoded(segment: &str) -> bool {
    segment.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

/// Appends a segment in its canonical spelling, which is one for each text.
fn write_segment(out: &mut String, segment: &str) {
    let mut bytes = segment.bytes();
    while let Some(byte) = bytes.next() {
        let byte = if byte == b'%' {
            let high = bytes.next().and_then(hex).unwrap_or_default();
            let low = bytes.next().and_then(hex).unwrap_or_default();
            high << 4 | low
        } else {
            byte
        };
        encode(out, byte);
    }
}

fn hex(digit: u8) -> Option<u8> {
    // A hexadecimal digit is below 16.
    char::from(digit)
        .to_digit(16)
        .map(|value| value.to_le_bytes()[0])
}

/// Appends one byte of a segment's text: as it is where it may stand so, else percent-encoded.
pub(super) fn encode(out: &mut String, byte: u8) {
    if stands_raw(byte) {
        out.push(char::from(byte));
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "%{byte:02X}");
    }
}

/// Characters that a segment holds without encoding: RFC 3986's `pchar`.
fn stands_raw(byte: u8) -> bool {
    is_unreserved(byte)
        || matches!(
            byte,
            b'!' | b'$'
                | b'&'
                | b'\''
                | b'('
                | b')'
                | b'*'
                | b'+'
                | b','
                | b';'
                | b'='
                | b':'
                | b'@'
        )
}

/// Characters that stand for themselves everywhere in a URL: RFC 3986's `unreserved`.
pub(super) fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// The text of a segment; `None` if it is not UTF-8.
pub(super) fn decode(segment: &str) -> Option<Cow<'_, str>> {
    percent_decode_str(segment).decode_utf8().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_canonical_path_stays() {
        for path in [
            "/",
            "/a",
            "/a/b",
            "/a.b/c~d",
            "/.well-known/x",
            "/...",
            "/a;b=c,d/(e)@f:g",
            "/%C3%A9t%C3%A9",
            "/a%2Fb",
            "/a%5Cb",
            "/100%25",
        ] {
            assert_eq!(spelling(path), Spelling::Canonical, "{path}");
        }
    }

    #[test]
    fn another_spelling_leads_to_the_canonical_one() {
        for (path, canonical) in [
            ("//", "/"),
            ("/a/", "/a"),
            ("//a", "/a"),
            ("/a//b///", "/a/b"),
            ("/%61", "/a"),
            ("/%7Ea", "/~a"),
            ("/a%40b%3b", "/a@b;"),
            ("/a%2fb", "/a%2Fb"),
            ("/\u{e9}", "/%C3%A9"),
            ("/a|b{c}\"", "/a%7Cb%7Bc%7D%22"),
            ("//evil.example/%2e%2e%2e", "/evil.example/..."),
        ] {
            assert_eq!(spelling(path), Spelling::Other(canonical.into()), "{path}");
        }
    }

    #[test]
    fn what_no_route_may_see_is_refused_from_its_first_bad_segment() {
        for (path, safe) in [
            ("", ""),
            ("*", ""),
            ("/..", ""),
            ("/a/../b", "/a"),
            ("/a/%2e%2E/b", "/a"),
            ("/a/.%2e", "/a"),
            ("/a//b/./c", "/a/b"),
            ("/a/b%00c", "/a"),
            ("/a/b%0ac", "/a"),
            ("/a/b\\c", "/a"),
            ("/a/%", "/a"),
            ("/a/%4", "/a"),
            ("/a/%zz", "/a"),
            ("/a/%u0061", "/a"),
            ("/a/%c0%ae", "/a"),
            ("/a/%ff", "/a"),
        ] {
            let refused = Spelling::Refused { safe: safe.into() };
            assert_eq!(spelling(path), refused, "{path:?}");
        }
    }
}
