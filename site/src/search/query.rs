//! What a visitor looks for.

use super::words::words;

/// Longer queries are cut: nobody means them.
const MAX_CHARS: usize = 100;
const MAX_WORDS: usize = 8;

/// A query, as it was typed and as words. Any text is one.
#[derive(Clone, Debug, Default)]
pub struct Query {
    text: String,
    words: Vec<String>,
}

impl Query {
    /// Reads a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text: String = text.trim().chars().take(MAX_CHARS).collect();
        let mut found: Vec<String> = Vec::new();
        for (_, _, word) in words(&text) {
            if !found.contains(&word) && found.len() < MAX_WORDS {
                found.push(word);
            }
        }
        Self { text, words: found }
    }

    /// Reads the first `q` in the query of a request.
    #[must_use]
    pub fn of_request(query: &str) -> Self {
        let mut fields = form_urlencoded::parse(query.as_bytes());
        let text = fields.find_map(|(name, value)| (name == "q").then_some(value));
        Self::new(&text.unwrap_or_default())
    }

    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether there is nothing to look for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(super) fn words(&self) -> &[String] {
        &self.words
    }
}

/// Whether one letter was exchanged, left out or added, or two neighbours have changed places.
/// Of short words too many are alike.
pub(super) fn differ_in_one_letter(a: &str, b: &str) -> bool {
    if a.len() < 4 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let (a, b): (Vec<_>, Vec<_>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let rest = |letters: &'_ [char], from: usize| letters.get(from..).map(<[char]>::to_vec);
    let exchanged = rest(a, 1) == rest(b, 1);
    let added =
        rest(a, 1).is_some_and(|rest| rest == b) || rest(b, 1).is_some_and(|rest| rest == a);
    let swapped = a.len() > 1 && b.len() > 1 && (a[0], a[1]) == (b[1], b[0]) && a[2..] == b[2..];
    exchanged || added || swapped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_text_is_a_query() {
        let query = Query::new("  Boundaries, boundary & <b>STREAMS</b>\0  ");
        assert_eq!(query.words(), ["boundary", "b", "stream"]);
        assert!(Query::new("%&/ ()").is_empty());
        assert_eq!(Query::new(&"word ".repeat(10_000)).text().len(), MAX_CHARS);
        assert_eq!(Query::of_request("x=1&q=a%20b&q=c").text(), "a b");
        assert_eq!(Query::of_request("q=%FF%zz&&=").text(), "\u{fffd}%zz");
        assert!(Query::of_request("").is_empty());
    }

    #[test]
    fn one_letter_makes_a_similar_word() {
        for (a, b) in [
            ("boundry", "boundary"),
            ("boundaryy", "boundary"),
            ("bundary", "boundary"),
            ("baundary", "boundary"),
            ("obundary", "boundary"),
            ("straem", "stream"),
        ] {
            assert!(differ_in_one_letter(a, b), "{a} {b}");
        }
        assert!(!differ_in_one_letter("stream", "string"));
        assert!(!differ_in_one_letter("csp", "css"));
        assert!(!differ_in_one_letter("router", "boundary"));
    }
}
