//! A path as a log may print it.

use std::fmt::{self, Write as _};

/// A path, with everything but visible ASCII percent-encoded: what a client sends can neither
/// break the line nor disguise it. Queries are left out, as they may hold secrets.
pub(super) struct Printed<'p>(pub(super) &'p str);

impl fmt::Display for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii_graphic()) {
            f.write_str(&rest[..at])?;
            let mut after = rest[at..].chars();
            if let Some(char) = after.next() {
                for byte in char.encode_utf8(&mut [0; 4]).bytes() {
                    write!(f, "%{byte:02X}")?;
                }
            }
            rest = after.as_str();
        }
        f.write_str(rest)
    }
}

impl fmt::Debug for Printed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        write!(f, "{self}")?;
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_visible_ascii_is_printed() {
        for (path, printed) in [
            ("/a/b%20c", "/a/b%20c"),
            ("/a\r\nGET /b", "/a%0D%0AGET%20/b"),
            ("/\u{1b}[31m\0", "/%1B[31m%00"),
            ("/\u{202e}x", "/%E2%80%AEx"),
            ("", ""),
        ] {
            assert_eq!(Printed(path).to_string(), printed);
        }
    }
}
