//! The part of a text in which most of what was looked for stands.

use super::words::words;

/// How many bytes of text are shown, about.
const LENGTH: usize = 220;
/// How much of it stands before the first word that was found.
const BEFORE: usize = 50;

/// A piece of a snippet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its text.
    pub text: String,
    /// Whether it was looked for.
    pub is_found: bool,
}

/// The part of a text with the most of these words of the index, in pieces.
#[must_use]
pub fn snippet(text: &str, terms: &[&str]) -> Vec<Piece> {
    // All places of these words.
    let found: Vec<_> = words(text)
        .filter(|(_, _, word)| terms.contains(&&**word))
        .map(|(at, word, term)| (at, at + word.len(), term))
        .collect();
    let distinct_from = |from: usize| {
        let near = found
            .iter()
            .filter(|&&(at, end, _)| at >= from && end <= from + LENGTH - BEFORE);
        let mut terms: Vec<_> = near.map(|(_, _, term)| term).collect();
        terms.sort();
        terms.dedup();
        terms.len()
    };
    // The first of those with the most, which is the last of the reversed.
    let starts = found.iter().rev().map(|&(at, _, _)| at);
    let best = starts.max_by_key(|&at| distinct_from(at)).unwrap_or(0);
    let start = word_start(text, best.saturating_sub(BEFORE));
    let end = word_end(text, start, start + LENGTH);

    let mut pieces = Vec::new();
    let mut push = |text: &str, is_found| {
        if !text.is_empty() {
            let text = text.to_owned();
            pieces.push(Piece { text, is_found });
        }
    };
    let mut rest = start;
    push(if start > 0 { "… " } else { "" }, false);
    for &(at, word_end, _) in found.iter().filter(|&&(at, e, _)| at >= start && e <= end) {
        push(&text[rest..at], false);
        push(&text[at..word_end], true);
        rest = word_end;
    }
    push(&text[rest..end], false);
    push(if end < text.len() { " …" } else { "" }, false);
    pieces
}

/// The beginning of the first word at `at` or behind it.
fn word_start(text: &str, at: usize) -> usize {
    let at = text.ceil_char_boundary(at);
    if at == 0 {
        return 0;
    }
    text[at..].find(' ').map_or(at, |space| at + space + 1)
}

/// The end of the last word behind `start` that ends at `at` or before it.
fn word_end(text: &str, start: usize, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    let at = text.floor_char_boundary(at);
    text[start..at].rfind(' ').map_or(at, |space| start + space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snippet_is_about_what_was_found() {
        let text = format!(
            "{} One Boundary streams. {}",
            "before ".repeat(40),
            "after ".repeat(60)
        );
        let pieces = snippet(&text, &["boundary", "stream"]);
        let found: Vec<_> = pieces.iter().filter(|piece| piece.is_found).collect();
        assert_eq!(found[0].text, "Boundary");
        assert_eq!(found[1].text, "streams");
        assert!(pieces[0].text.starts_with('…'));
        let all: String = pieces.iter().map(|piece| &*piece.text).collect();
        assert!(all.len() < LENGTH + 20 && all.ends_with('…'), "{all}");
    }

    #[test]
    fn any_text_has_a_snippet() {
        assert_eq!(snippet("", &["x"]), []);
        for text in ["ä".repeat(500), "💧 ".repeat(300), "x".repeat(1000)] {
            for term in ["ä", "x", ""] {
                let pieces = snippet(&text, &[term]);
                assert!(!pieces.is_empty());
            }
        }
    }
}
