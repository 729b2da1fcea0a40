//! Where in a document its first script may stand, found while it streams.

/// Looks at the first bytes of an HTML document, which hold nothing that could be shown: the
/// document type, comments, the start tags of `html` and `head`.
#[derive(Debug, Default)]
pub(super) struct Prelude {
    held: Vec<u8>,
}

/// How much may be held back before the head. A comment that is longer ends the search.
const MOST: usize = 64 << 10;

impl Prelude {
    /// Takes bytes as they come. Returns them with `script` in its place as soon as it is known,
    /// and from then on this is not to be asked any more. `is_last` is said with the last bytes.
    pub(super) fn take(&mut self, bytes: &[u8], is_last: bool, script: &str) -> Option<Vec<u8>> {
        self.held.extend_from_slice(bytes);
        let place = match place(&self.held) {
            Some(place) => place,
            None if is_last || self.held.len() > MOST => {
                // Nothing that a script could be put into.
                return Some(std::mem::take(&mut self.held));
            }
            None => return None,
        };
        let mut bytes = std::mem::take(&mut self.held);
        bytes.splice(place..place, script.bytes());
        Some(bytes)
    }
}

/// Behind the start tag of the head, or before what makes the parser imply one. None as long as
/// that has not come.
fn place(document: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    if MARK.starts_with(document) {
        return None;
    }
    let mut at = if document.starts_with(MARK) {
        MARK.len()
    } else {
        0
    };
    loop {
        let rest = document.get(at..)?;
        let rest = rest.trim_ascii_start();
        at = document.len() - rest.len();
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with(b"<!--") {
            at += 4 + find(&rest[4..], b"-->")? + 3;
        } else if rest.starts_with(b"<!") || rest.starts_with(b"<?") {
            if b"<!--".starts_with(rest) {
                return None;
            }
            at += find(rest, b">")? + 1;
        } else if let Some(end) = start_tag(rest, b"<html") {
            at += end?;
        } else if let Some(end) = start_tag(rest, b"<head") {
            return Some(at + end?);
        } else {
            return Some(at);
        }
    }
}

/// Where a start tag of this name ends, if that is what the text begins with: `Some(None)` if
/// it may be one, or its end is still to come.
fn start_tag(text: &[u8], name: &[u8]) -> Option<Option<usize>> {
    let length = text.len().min(name.len());
    if !text[..length].eq_ignore_ascii_case(&name[..length]) {
        return None;
    }
    match text.get(name.len()) {
        None => Some(None),
        Some(b'>' | b'/') => Some(end_of_tag(text)),
        Some(space) if space.is_ascii_whitespace() => Some(end_of_tag(text)),
        Some(_) => None,
    }
}

/// Behind the `>` that is in no quoted value.
fn end_of_tag(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            _ => {}
        }
    }
    None
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|part| part == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All bytes of a document that comes in parts of a size, with `|` for the script.
    fn sent(document: &str, size: usize) -> String {
        let mut prelude = Some(Prelude::default());
        let mut sent = Vec::new();
        let parts: Vec<_> = document.as_bytes().chunks(size).collect();
        for (nth, part) in parts.iter().enumerate() {
            match prelude.as_mut() {
                None => sent.extend_from_slice(part),
                Some(open) => {
                    if let Some(bytes) = open.take(part, nth + 1 == parts.len(), "|") {
                        sent.extend(bytes);
                        prelude = None;
                    }
                }
            }
        }
        String::from_utf8(sent).expect("it was text before")
    }

    #[test]
    fn the_script_is_the_first_thing_in_the_head() {
        for document in [
            "<!DOCTYPE html><html lang=\"en\"><head>|<meta charset=\"utf-8\">",
            "<!doctype html>\n<!-- <head> > -->\n<HTML data-x='a>b'>\n<HEAD class=x>|<title>",
            "\u{feff}<!doctype html><html><head>|",
            "<!doctype html><html>|<header>no head</header>",
            "<!doctype html>|<title>implied</title>",
            "<html>|<body>",
            "|plain <head>",
            "|<p>part",
            "<?xml version=\"1.0\"?><html><head>|<title>",
            "<!---->|<x>",
        ] {
            let plain = document.replace('|', "");
            for size in 1..=plain.len() {
                assert_eq!(sent(&plain, size), document, "in parts of {size}");
            }
        }
    }

    #[test]
    fn a_document_without_a_place_is_sent_as_it_is() {
        for document in ["<!doctype html>", "<!-- open", "<html lang=\"", "  "] {
            assert_eq!(sent(document, 3), document);
        }
    }

    #[test]
    fn a_comment_without_end_is_not_held_for_ever() {
        let comment = format!("<!--{}", "x".repeat(MOST));
        let sent = Prelude::default().take(comment.as_bytes(), false, "|");
        assert_eq!(sent, Some(comment.into_bytes()));
    }
}
