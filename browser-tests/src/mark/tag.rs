//! One start tag in a text of HTML, and what is known of elements by their names.

/// A start tag.
#[derive(Clone, Debug)]
pub(super) struct Tag<'a> {
    name: &'a str,
    /// What stands between the name and the `>`.
    attributes: &'a str,
    /// Offset of the `<`.
    start: usize,
}

impl<'a> Tag<'a> {
    /// The start tag at this place, if there is a whole one.
    pub(super) fn parse(html: &'a str, start: usize) -> Option<Self> {
        let inside = html[start..].strip_prefix('<')?;
        let name = name(inside)?;
        let rest = &inside[name.len()..];
        let attributes = &rest[..end(rest)?];
        Some(Self {
            name,
            attributes,
            start,
        })
    }

    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Where an attribute can be inserted.
    pub(super) fn behind_name(&self) -> usize {
        self.start + 1 + self.name.len()
    }

    /// Behind the `>`.
    pub(super) fn end(&self) -> usize {
        self.behind_name() + self.attributes.len() + 1
    }

    /// The value of an attribute, empty if it has none.
    pub(super) fn value(&self, name: &str) -> Option<&'a str> {
        let mut attributes = Attributes(self.attributes);
        let found = attributes.find(|(found, _)| found.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    /// Whether what is in it never shows, as far as its tag says so.
    pub(super) fn is_hidden(&self) -> bool {
        HIDDEN.iter().any(|name| self.is(name))
            || self.value("hidden").is_some()
            || self.is("dialog") && self.value("open").is_none()
    }

    /// Whether it closes at once. `/>` does that in SVG alone, but nobody writes it elsewhere.
    pub(super) fn has_no_content(&self) -> bool {
        VOID.iter().any(|name| self.is(name)) || self.attributes.ends_with('/')
    }

    /// Whether text in it belongs to the block around it. Custom elements are inline too, until
    /// a style sheet changes that.
    pub(super) fn is_inline(&self) -> bool {
        self.name.contains('-') || INLINE.iter().any(|name| self.is(name))
    }
}

/// The name of the closing tag with which a text begins.
pub(super) fn closing_name(html: &str) -> Option<&str> {
    name(html.strip_prefix("</")?)
}

/// The name of an element with which a text begins.
fn name(html: &str) -> Option<&str> {
    html.starts_with(|c: char| c.is_ascii_alphabetic())
        .then(|| {
            let end = html.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>');
            &html[..end.unwrap_or(html.len())]
        })
}

/// Offset of the `>` that ends a tag: the first one outside of quotes.
fn end(attributes: &str) -> Option<usize> {
    let mut quote = None;
    attributes.bytes().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return true,
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        false
    })
}

/// Names and raw values.
struct Attributes<'a>(&'a str);

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let space = |c: char| c.is_ascii_whitespace() || c == '/';
        let text = self.0.trim_start_matches(space);
        if text.is_empty() {
            return None;
        }
        let length = text.find(|c| space(c) || c == '=').unwrap_or(text.len());
        let (name, rest) = text.split_at(length);
        let Some(value) = rest.trim_start().strip_prefix('=') else {
            // At least one character goes, also where there is no name.
            self.0 = if name.is_empty() { &text[1..] } else { rest };
            return Some((name, ""));
        };
        let value = value.trim_start();
        let quoted = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, rest) = match quoted {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => value.split_at(value.find(char::is_whitespace).unwrap_or(value.len())),
        };
        self.0 = rest;
        Some((name, value))
    }
}

const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements in which nothing shows, or nothing that the browser would report.
const HIDDEN: [&str; 19] = [
    "script", "style", "template", "textarea", "title", "iframe", "noembed", "noframes",
    "noscript", "link", "meta", "base", "option", "optgroup", "datalist", "defs", "desc",
    "metadata", "symbol",
];

/// Elements that are inline where no style sheet says otherwise.
const INLINE: [&str; 44] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "map", "mark", "meter", "output", "progress", "q", "rb",
    "rp", "rt", "ruby", "s", "samp", "slot", "small", "span", "strike", "strong", "sub", "sup",
    "textPath", "time", "tspan", "tt", "u", "var", "picture",
];
