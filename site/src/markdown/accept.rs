//! Who wants Markdown rather than HTML.

use axum::http::{HeaderMap, header};

/// Whether a request asks for Markdown, and not rather for HTML.
///
/// It has to name it: `*/*` and `text/*` mean HTML. Of two that are named, the one with the higher
/// weight wins, and at equal weights Markdown, which no browser names.
///
/// ```
/// use anabranch_site::markdown::prefers_markdown;
/// use axum::http::{HeaderMap, HeaderValue, header::ACCEPT};
///
/// let accept = |value| HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(value))]);
/// assert!(prefers_markdown(&accept("text/markdown, text/html;q=0.9")));
/// assert!(!prefers_markdown(&accept("text/html, */*;q=0.8")));
/// ```
#[must_use]
pub fn prefers_markdown(headers: &HeaderMap) -> bool {
    let values = headers.get_all(header::ACCEPT).iter();
    let values: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
    let ranges = || {
        values
            .iter()
            .flat_map(|value| value.split(','))
            .map(Range::parse)
    };
    let weight = |names: &[&str]| {
        // The most specific range decides, whatever its weight.
        names.iter().find_map(|name| {
            let named = ranges().filter(|range| range.name.eq_ignore_ascii_case(name));
            named.map(|range| range.weight).max()
        })
    };
    let Some(markdown) = weight(&["text/markdown"]) else {
        return false;
    };
    let html = weight(&["text/html", "text/*", "*/*"]);
    markdown > 0 && html.is_none_or(|html| markdown >= html)
}

/// A part of an `Accept` header.
struct Range<'a> {
    name: &'a str,
    /// In thousandths, as many as a weight can have.
    weight: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Self {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let weight = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("q")
                .then(|| weight(value.trim()))
        });
        Self {
            name,
            weight: weight.unwrap_or(1000),
        }
    }
}

/// A weight that is none counts as 0: what was meant is not known.
fn weight(text: &str) -> u16 {
    let number = text.parse::<f32>().unwrap_or_default();
    // Written as a comparison, so that NaN is out of it, too.
    if (0.0..=1.0).contains(&number) {
        (number * 1000.0).round() as u16
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn markdown_has_to_be_named_and_wanted_as_much_as_html() {
        for (accept, expected) in [
            ("text/markdown", true),
            ("Text/Markdown; charset=utf-8", true),
            ("text/markdown, text/html, */*", true),
            ("text/markdown;q=0.9, */*;q=0.8", true),
            ("text/html;q=0.5,text/markdown;q=0.6", true),
            ("text/markdown;q=0.1, text/html;q=0", true),
            ("text/markdown;q=0.5, text/html", false),
            ("text/markdown;q=0.5, */*;q=0.8", false),
            // The more specific range is what is said of HTML.
            ("text/markdown;q=0.5, text/html;q=0.4, */*;q=0.8", true),
            ("text/markdown;q=0.5, text/*;q=0.7, */*;q=0.1", false),
            ("text/markdown;q=0", false),
            ("text/markdown;q=2", false),
            ("text/markdown;q=NaN", false),
            ("text/markdown;q=", false),
            ("*/*", false),
            ("text/*", false),
            ("text/html,application/xhtml+xml,*/*;q=0.8", false),
            ("text/markdownish", false),
            ("", false),
            (";;,,=", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(prefers_markdown(&headers), expected, "{accept}");
        }
        assert!(!prefers_markdown(&HeaderMap::new()));
    }

    #[test]
    fn a_header_may_come_in_several_lines() {
        let mut headers = HeaderMap::new();
        headers.append(header::ACCEPT, HeaderValue::from_static("text/html;q=0.5"));
        headers.append(header::ACCEPT, HeaderValue::from_static("text/markdown"));
        assert!(prefers_markdown(&headers));
    }
}
