//! Ways to spell a path: each is a mistake that some server has made.

use std::collections::BTreeSet;

/// What stands for a slash, or between two.
#[rustfmt::skip]
const SLASHES: &[&str] = &[
    "//", "///", "/./", "/../", "/x/../", "/%2e/", "/%2E%2e/", "/.%2e/", "\\", "/\\", "\\/",
    "%5c", "%2f", "%2F", "/;/", "/;x=1/", "/..;/", "/.;/", "/%20/", "/%00/", "/%09/", "/..%2f",
    "%2f..%2f", "/%252e%252e/", "%252f", "/levels/../", "/levels/%2e%2e/", "/api/..%5c",
    "/%ef%bc%8f/", "/%c0%af/", "%e2%88%95", "\u{2215}", "\u{ff0f}", "/...//", "/*/../",
];

#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "/", "//", "/.", "/..", "/./", "/../", "/x/..", "/%2e", "/%2f", "/%5c", "\\", "/;", "/%20",
    "http://a", "http://a/", "http://a//", "http://a/./", "http://a@b", "https://localhost",
    "http://localhost:80", "/levels/..", "/levels/%2e%2e", "/robots.txt/..", "/(main)", "*", "a",
    "localhost", "ftp://localhost", "file://", "/public", "/app", "/..;",
];

#[rustfmt::skip]
const BEHIND: &[&str] = &[
    "/", "//", "/.", "/..", "/./", "/../", "/x/..", ".", "..", "%20", "%00", "%0d%0a", ";",
    ";a=b", ";/", "?", "??", "?/", "?/../", "?x=//", "/?", "#", "%3f", "%23", "%2f", "%5c", "\\",
    ".html", "/index", "/page", "/page.rs", "/route.rs", "~", "/%2e", "/%2e%2e", "/*", "%", "%2",
    "%zz", "\u{e9}", "%e9", "\u{200b}", "%e2%80%8b", "::$DATA", ".br", ".json", "&", "%26",
];

/// Spellings of `path`, itself among them. Not all of them can be sent as a target.
pub(super) fn of(path: &str) -> BTreeSet<String> {
    let letters = path.char_indices().flat_map(|(at, letter)| {
        let (before, after) = (&path[..at], &path[at + 1..]);
        letter_as(letter).map(|letter| format!("{before}{letter}{after}"))
    });
    let slashes = path.match_indices('/').flat_map(|(at, _)| {
        let around = move |slash: &&str| format!("{}{slash}{}", &path[..at], &path[at + 1..]);
        SLASHES.iter().map(around)
    });
    let before = BEFORE.iter().map(|before| format!("{before}{path}"));
    let behind = BEHIND.iter().map(|behind| format!("{path}{behind}"));
    let encoded: String = path[1..]
        .bytes()
        .map(|byte| format!("%{byte:02x}"))
        .collect();
    let twice = encoded.replace('%', "%25");
    let whole = [
        path.to_owned(),
        path.to_uppercase(),
        format!("/{encoded}"),
        format!("/{twice}"),
    ];
    let all = letters.chain(slashes).chain(before).chain(behind);
    all.chain(whole).collect()
}

/// An ASCII letter as something that might be taken for it.
fn letter_as(letter: char) -> [String; 10] {
    let code = u32::from(letter);
    [
        format!("%{code:02x}"),
        format!("%{code:02X}"),
        format!("%25{code:02X}"),
        format!("%u{code:04X}"),
        // UTF-8 in more bytes than it takes.
        format!("%C{:X}%{:02X}", code >> 6, 0x80 | (code & 0x3f)),
        format!("%E0%8{:X}%{:02X}", code >> 6, 0x80 | (code & 0x3f)),
        letter.to_ascii_uppercase().to_string(),
        format!("{letter}%00"),
        format!("{letter}%0a"),
        // A soft hyphen.
        format!("{letter}%c2%ad"),
    ]
}
