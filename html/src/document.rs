//! The frame around the shell: the held-back tail, the padding of a short first flush, the end.

/// The last bytes of every streamed page. The bridge takes a response that ended without them
/// for one that was cut.
pub const END: &str = "<!--$a-->";

/// The closing tags of a page. One that leaves them out is closed with them.
pub const TAIL: &str = "</body></html>";

/// Length in bytes that the first flush reaches.
///
/// WebKit shows nothing before 512 bytes; Firefox parses nothing before 1,024 where it has not
/// been told the character set.
pub const FIRST_FLUSH: usize = 1024;

/// Splits a page before its closing `</body></html>`.
///
/// Patches must be children of `<body>`, so this tail is held back to the end of the stream.
/// Tags that the page leaves out are not added: the parser closes them by itself.
///
/// ```
/// use anabranch_html::document::split_tail;
///
/// assert_eq!(split_tail("<p>Hi</p></body></html>"), ("<p>Hi</p>", "</body></html>"));
/// assert_eq!(split_tail("<p>Hi</p>"), ("<p>Hi</p>", ""));
/// ```
#[must_use]
pub fn split_tail(page: &str) -> (&str, &str) {
    // maud writes no white space, so this is how nearly all pages end.
    if let Some(rest) = page.strip_suffix(TAIL) {
        return (rest, TAIL);
    }
    let rest = strip_closing(page, "</html>");
    let rest = strip_closing(rest, "</body>");
    page.split_at(rest.len())
}

/// A tail that closes the document, so that what follows it is the document's last node.
#[must_use]
pub fn close_html(tail: &str) -> String {
    let closed = strip_closing(tail, "</html>").len() < tail.len();
    format!("{tail}{}", if closed { "" } else { "</html>" })
}

fn strip_closing<'a>(text: &'a str, tag: &str) -> &'a str {
    let trimmed = text.trim_ascii_end();
    match trimmed.split_at_checked(trimmed.len().wrapping_sub(tag.len())) {
        Some((rest, end)) if end.eq_ignore_ascii_case(tag) => rest,
        _ => text,
    }
}

/// Pads a first flush that is shorter than [`FIRST_FLUSH`] with a comment.
pub fn pad(out: &mut String) {
    const OPEN: &str = "<!--";
    const CLOSE: &str = "-->";
    if out.len() >= FIRST_FLUSH {
        return;
    }
    out.push_str(OPEN);
    let spaces = FIRST_FLUSH.saturating_sub(out.len() + CLOSE.len());
    out.extend(std::iter::repeat_n(' ', spaces));
    out.push_str(CLOSE);
}

/// Appends `text` with `&`, `<`, `>` and `"` escaped, for element text and quoted attributes.
pub fn escape(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_is_found_whatever_its_case_and_spacing() {
        for (page, tail) in [
            ("<p>x</p></body></html>", "</body></html>"),
            ("<p>x</p></BODY>\n</HTML>\n", "</BODY>\n</HTML>\n"),
            ("<p>x</p></html>", "</html>"),
            ("<p>x</p></body>", "</body>"),
            ("<p>x</p>\n", ""),
            ("", ""),
            ("é", ""),
            ("ééééé", ""),
        ] {
            let (rest, found) = split_tail(page);
            assert_eq!(found, tail, "{page:?}");
            assert_eq!(format!("{rest}{found}"), page);
        }
    }

    #[test]
    fn a_tail_is_closed_once() {
        assert_eq!(close_html("</body>"), "</body></html>");
        assert_eq!(close_html("</BODY>\n</HTML>\n"), "</BODY>\n</HTML>\n");
    }

    #[test]
    fn text_is_escaped_and_nothing_else_changes() {
        let mut out = String::new();
        escape(&mut out, "é<a & \"b\">'");
        assert_eq!(out, "é&lt;a &amp; &quot;b&quot;&gt;'");
    }

    #[test]
    fn a_short_first_flush_is_padded_to_1024_bytes() {
        let mut short = String::from("<p>Hi</p>");
        pad(&mut short);
        assert_eq!(short.len(), FIRST_FLUSH);
        assert!(short.ends_with(" -->"));

        let mut nearly = "x".repeat(FIRST_FLUSH - 1);
        pad(&mut nearly);
        assert!(nearly.ends_with("x<!---->"));

        let mut long = "x".repeat(FIRST_FLUSH);
        pad(&mut long);
        assert_eq!(long.len(), FIRST_FLUSH);
    }
}
