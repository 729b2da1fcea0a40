//! The path of a URL -> the path of a file below the root, or nothing.

use std::path::{Component, Path};

use percent_encoding::percent_decode_str;

/// The one folder with a dot that is made to be public (RFC 8615).
const WELL_KNOWN: &str = ".well-known";

/// `/css/site%201.css` -> `css/site 1.css`.
///
/// `None` for whatever could name anything but a visible file below the root.
pub(super) fn relative(path: &str) -> Option<String> {
    let mut relative = String::with_capacity(path.len());
    for (depth, segment) in path.strip_prefix('/')?.split('/').enumerate() {
        let segment = decode(segment)?;
        let name = segment.as_str();
        let visible = !is_hidden(name) || (depth == 0 && name == WELL_KNOWN);
        if !visible || !is_file_name(name) {
            return None;
        }
        if depth > 0 {
            relative.push('/');
        }
        relative.push_str(name);
    }
    Some(relative)
}

/// Whether every part of a path may be seen.
pub(super) fn is_visible(path: &Path) -> bool {
    path.components().enumerate().all(|(depth, component)| {
        let name = component.as_os_str();
        !name.as_encoded_bytes().starts_with(b".") || (depth == 0 && name == WELL_KNOWN)
    })
}

/// `.` and `..` are hidden, too.
fn is_hidden(name: &str) -> bool {
    name.starts_with('.')
}

/// Whether the system takes it for the name of one file: no separator, drive or control byte.
fn is_file_name(name: &str) -> bool {
    let mut components = Path::new(name).components();
    let one = matches!(components.next(), Some(Component::Normal(only)) if only == name);
    let special =
        |c: char| matches!(c, '/' | '\\') || c.is_control() || (cfg!(windows) && c == ':');
    one && components.next().is_none() && !name.contains(special)
}

/// A segment without percent-encoding. `None` if it is not well formed, or not UTF-8.
fn decode(segment: &str) -> Option<String> {
    let well_formed = segment.split('%').skip(1).all(|rest| {
        let digits = rest.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    });
    let text = percent_decode_str(segment).decode_utf8().ok()?;
    well_formed.then(|| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_a_file_below_the_root_or_nothing() {
        for (path, file) in [
            ("/a.css", "a.css"),
            ("/a/b/c.css", "a/b/c.css"),
            ("/a%20b.css", "a b.css"),
            ("/%C3%A9.css", "é.css"),
            ("/a..b", "a..b"),
            ("/~a", "~a"),
            ("/100%25", "100%"),
            ("/.well-known/security.txt", ".well-known/security.txt"),
        ] {
            assert_eq!(relative(path).as_deref(), Some(file), "{path}");
        }
        for path in [
            "",
            "/",
            "a",
            "//",
            "//a",
            "/a/",
            "/a//b",
            "/.",
            "/..",
            "/...",
            "/a/..",
            "/a/../b",
            "/%2e%2e/a",
            "/%2E./a",
            "/.%2e/a",
            "/..%2fa",
            "/..%5ca",
            "/a%2fb",
            "/a%5Cb",
            "/a\\b",
            "/\\a",
            "/%2fetc/passwd",
            "//etc/passwd",
            "/.env",
            "/a/.git/config",
            "/%2eenv",
            "/a/.well-known/b",
            "/a%00",
            "/a%00.css",
            "/a%0ab",
            "/a%7f",
            "/a%",
            "/a%4",
            "/a%zz",
            "/%ff",
            "/%c0%ae%c0%ae/a",
            "/%ed%a0%80",
            "/%u002e",
            "*",
            "http://host/a",
            "/a%C2%85",
        ] {
            assert_eq!(relative(path), None, "{path}");
        }
    }
}
