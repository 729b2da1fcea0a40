//! HTML files: what is in them, and where a layout leaves room.

use std::ops::Range;

use crate::diagnostic::Place;

/// An HTML file.
#[derive(Debug)]
pub(crate) struct Template {
    /// From the package.
    pub(crate) path: String,
    /// Without a byte order mark, which would end up amidst a document. None if the file is not
    /// UTF-8.
    pub(crate) text: Option<String>,
    /// Whether the file begins with a byte order mark.
    pub(crate) marked: bool,
}

/// What some editors put in front of UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

impl Template {
    pub(crate) fn new(path: &str, content: &[u8]) -> Self {
        let unmarked = content.strip_prefix(BYTE_ORDER_MARK);
        let text = str::from_utf8(unmarked.unwrap_or(content));
        Self {
            path: path.to_owned(),
            text: text.ok().map(str::to_owned),
            marked: unmarked.is_some(),
        }
    }

    /// A place in the file.
    pub(crate) fn place(&self, range: &Range<usize>) -> Place {
        Place::at(&self.path, self.text(), range)
    }

    /// The text, empty if there is none.
    pub(crate) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// Every `{{ name }}` in the text, in order.
    pub(crate) fn slots(&self) -> Vec<Slot<'_>> {
        let text = self.text();
        let mut slots = Vec::new();
        let mut from = 0;
        while let Some(open) = text[from..].find("{{").map(|at| from + at) {
            let inside = open + 2;
            let Some(close) = text[inside..].find("}}").map(|at| inside + at) else {
                break;
            };
            let name = text[inside..close].trim();
            if !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                slots.push(Slot {
                    name,
                    range: open..close + 2,
                });
                from = close + 2;
            } else {
                from = open + 1;
            }
        }
        slots
    }

    /// A layout, cut at its slots. Braces around other names are text.
    pub(crate) fn pieces(&self) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut from = 0;
        for slot in self.slots() {
            let piece = match slot.name {
                "children" => Piece::Children,
                "head" => Piece::Head,
                _ => continue,
            };
            if from < slot.range.start {
                pieces.push(Piece::Text(&self.text()[from..slot.range.start]));
            }
            pieces.push(piece);
            from = slot.range.end;
        }
        if from < self.text().len() {
            pieces.push(Piece::Text(&self.text()[from..]));
        }
        pieces
    }
}

/// A `{{ name }}`.
#[derive(Debug)]
pub(crate) struct Slot<'a> {
    pub(crate) name: &'a str,
    pub(crate) range: Range<usize>,
}

/// A part of a layout.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Head,
    Children,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(text: &str) -> Template {
        Template::new("app/layout.html", text.as_bytes())
    }

    #[test]
    fn a_layout_is_cut_at_its_slots() {
        let layout = template("<head>{{head}}</head>{{ x | y }}{{{ children }}}</html>");
        let pieces = [
            Piece::Text("<head>"),
            Piece::Head,
            Piece::Text("</head>{{ x | y }}{"),
            Piece::Children,
            Piece::Text("}</html>"),
        ];
        assert_eq!(layout.pieces(), pieces);
    }

    #[test]
    fn other_names_are_text() {
        let layout = template("{{ children }}{{ user }}");
        let pieces = [Piece::Children, Piece::Text("{{ user }}")];
        assert_eq!(layout.pieces(), pieces);
    }
}
