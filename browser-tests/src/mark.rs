//! Marks a view so that its paint is seen: `elementtiming` on the element that the browser
//! will report.
//!
//! Needs the feature `browser`.
//!
//! Chromium reports an element when the text that it *owns* is painted, or when it is an image.
//! Text is owned by the nearest block around it, never by a `span` or a `label`, unless a style
//! sheet says otherwise; so a mark goes on the innermost element with text and on every one from
//! there to its block. A `text` of an SVG owns its text too. Where nothing owns any, the first
//! element that can be seen is marked, so that it can be found and its pixels be looked at.

use anabranch_engine::MARK_LEN;

use self::tag::{Tag, closing_name};

mod tag;

/// How the paint of a view can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The browser reports it under this name: that of the view, or the one its element had.
    Reported(String),
    /// No element owns text. One has this name, so that its pixels can be looked at.
    Pixels(String),
    /// There is no element, or none that can be seen.
    Nothing,
}

impl Mark {
    /// The value of the element's `elementtiming` attribute, if there is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Reported(name) | Self::Pixels(name) => Some(name),
            Self::Nothing => None,
        }
    }
}

/// Puts `name` on a view. An element that has a name keeps it.
pub(crate) fn mark(html: &mut String, name: &str) -> Mark {
    let found = Scan::new(html).run();
    let (tags, reported) = match found {
        Found::Owner(tags) => (tags, true),
        Found::Element(tag) => (vec![tag], false),
        Found::Nothing => return Mark::Nothing,
    };
    let own = tags.iter().find_map(|tag| tag.value("elementtiming"));
    let own = own.map(str::to_owned);
    let places: Vec<usize> = tags.iter().map(Tag::behind_name).collect();
    if own.is_none() {
        let attribute = format!(" elementtiming=\"{}\"", escaped(name));
        // From the back, so that the offsets of those before stay.
        for place in places.into_iter().rev() {
            html.insert_str(place, &attribute);
        }
    }
    let name = own.unwrap_or_else(|| name.to_owned());
    if reported {
        Mark::Reported(name)
    } else {
        Mark::Pixels(name)
    }
}

fn escaped(name: &str) -> String {
    name.replace('&', "&amp;").replace('"', "&quot;")
}

/// What a view offers to be marked.
enum Found<'a> {
    /// A block that owns text, and what is between it and the text, from the outside in.
    Owner(Vec<Tag<'a>>),
    /// The first element that can be seen.
    Element(Tag<'a>),
    Nothing,
}

/// One pass over a view. It knows as much of HTML as its purpose needs: a mistake costs no more
/// than a mark on another element.
struct Scan<'a> {
    html: &'a str,
    at: usize,
    /// Elements around the current place, and whether what is in them can be seen.
    open: Vec<(Tag<'a>, bool)>,
    /// What to mark if nothing owns text.
    first: Option<Tag<'a>>,
}

impl<'a> Scan<'a> {
    fn new(html: &'a str) -> Self {
        Self {
            html,
            at: 0,
            open: Vec::new(),
            first: None,
        }
    }

    fn run(mut self) -> Found<'a> {
        while self.at < self.html.len() {
            let rest = &self.html[self.at..];
            if rest.starts_with('\0') {
                // Another boundary stands here; its views are marked by themselves.
                self.skip(MARK_LEN);
            } else if rest.starts_with("<!--") {
                self.skip_behind("-->");
            } else if let Some(name) = closing_name(rest) {
                self.close(name);
                self.skip_behind(">");
            } else if let Some(tag) = Tag::parse(self.html, self.at) {
                if let Some(image) = self.open(tag) {
                    return Found::Owner(vec![image]);
                }
            } else if rest.starts_with("<!") || rest.starts_with("<?") {
                self.skip_behind(">");
            } else {
                // A lone `<` is text.
                let mut text = rest.char_indices().skip(1);
                let end = text.find(|(_, c)| matches!(c, '<' | '\0'));
                let end = end.map_or(rest.len(), |(at, _)| at);
                let visible = !rest[..end].bytes().all(|byte| byte.is_ascii_whitespace());
                if let Some(owner) = visible.then(|| self.owner()).flatten() {
                    return Found::Owner(owner);
                }
                self.skip(end);
            }
        }
        self.first.map_or(Found::Nothing, Found::Element)
    }

    /// Goes into an element. Returns it if it is an image.
    fn open(&mut self, tag: Tag<'a>) -> Option<Tag<'a>> {
        self.at = tag.end();
        let visible = self.is_visible() && !tag.is_hidden();
        if visible && tag.is("img") {
            return Some(tag);
        }
        if visible && !STRUCTURE.iter().any(|name| tag.is(name)) {
            self.first.get_or_insert_with(|| tag.clone());
        }
        if tag.has_no_content() {
            return None;
        }
        if RAW.iter().any(|name| tag.is(name)) {
            self.skip_raw(&tag);
        } else {
            self.open.push((tag, visible));
        }
        None
    }

    fn close(&mut self, name: &str) {
        let opened = self.open.iter().rposition(|(tag, _)| tag.is(name));
        if let Some(opened) = opened {
            self.open.truncate(opened);
        }
    }

    fn is_visible(&self) -> bool {
        self.open.last().is_none_or(|(_, visible)| *visible)
    }

    /// The block that owns text which stands here, with what is between them.
    fn owner(&self) -> Option<Vec<Tag<'a>>> {
        let (innermost, visible) = self.open.last()?;
        if !visible || OWNS_NO_TEXT.iter().any(|name| innermost.is(name)) {
            return None;
        }
        let block = self.open.iter().rposition(|(tag, _)| !tag.is_inline())?;
        let tags = self.open[block..].iter().map(|(tag, _)| tag.clone());
        Some(tags.collect())
    }

    fn skip(&mut self, length: usize) {
        self.at = (self.at + length).min(self.html.len());
        // A NUL that is no mark may stand before anything.
        while !self.html.is_char_boundary(self.at) {
            self.at += 1;
        }
    }

    fn skip_behind(&mut self, end: &str) {
        let rest = &self.html[self.at..];
        let found = rest.find(end).map_or(rest.len(), |at| at + end.len());
        self.skip(found);
    }

    /// Skips text that is not parsed, up to the closing tag.
    fn skip_raw(&mut self, tag: &Tag<'_>) {
        let rest = &self.html[self.at..];
        let end = rest
            .match_indices("</")
            .find(|(at, _)| closing_name(&rest[*at..]).is_some_and(|name| tag.is(name)));
        self.skip(end.map_or(rest.len(), |(at, _)| at));
    }
}

/// Elements whose content is not markup.
const RAW: [&str; 8] = [
    "script", "style", "textarea", "title", "iframe", "noembed", "noframes", "noscript",
];

/// Elements that are no box of their own in the page.
const STRUCTURE: [&str; 10] = [
    "html", "head", "base", "body", "link", "meta", "col", "colgroup", "source", "track",
];

/// Elements whose own text is shown elsewhere, or not at all.
const OWNS_NO_TEXT: [&str; 9] = [
    "svg", "g", "math", "table", "thead", "tbody", "tfoot", "tr", "html",
];

#[cfg(test)]
mod tests;
