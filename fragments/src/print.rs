//! From tree to text.
//!
//! It keeps its own stack, because a tree may nest deeper than a thread's.

use html5ever::Attribute;

use crate::MAX_DEPTH;
use crate::rules::{Place, Verdict, is_box, is_html, is_void, keeps, verdict};
use crate::tree::{Data, Element, NodeId, Tree};

/// A written tree.
pub(crate) struct Printed {
    pub(crate) html: String,
    /// Whether something of the tree is not in it.
    pub(crate) has_dropped: bool,
}

/// Writes a tree. `None` if the text is longer than `limit`.
pub(crate) fn print(tree: &Tree, limit: usize) -> Option<Printed> {
    let mut printer = Printer {
        tree,
        out: String::new(),
        open: vec![Level {
            next: top(tree),
            close: None,
            is_raw: false,
            is_pre: false,
            place: Place::default(),
        }],
        depth: 0,
        has_dropped: false,
    };
    while let Some(level) = printer.open.last_mut() {
        match level.next {
            Some(node) => {
                level.next = tree.next(node);
                printer.node(node);
            }
            None => printer.close(),
        }
        if printer.out.len() > limit {
            return None;
        }
    }
    Some(Printed {
        html: printer.out,
        has_dropped: printer.has_dropped,
    })
}

/// Writes the text of a tree and nothing else.
pub(crate) fn print_text(tree: &Tree) -> String {
    let mut out = String::new();
    let mut todo = vec![top(tree)];
    while let Some(next) = todo.pop() {
        let Some(node) = next else { continue };
        todo.push(tree.next(node));
        match tree.data(node) {
            Data::Text(text) => escape(&mut out, text, false),
            Data::Element(element) if !is_code(element) => {
                todo.push(tree.first(element.contents.unwrap_or(node)));
            }
            Data::Element(_) | Data::Comment | Data::Root => {}
        }
    }
    out
}

/// The first node of a fragment, which the parser puts into a root element.
fn top(tree: &Tree) -> Option<NodeId> {
    tree.first(Tree::ROOT).and_then(|root| tree.first(root))
}

struct Printer<'a> {
    tree: &'a Tree,
    out: String,
    open: Vec<Level<'a>>,
    /// How many elements are open.
    depth: usize,
    has_dropped: bool,
}

/// The children of one node, on their way.
struct Level<'a> {
    next: Option<NodeId>,
    /// The tag to close with, if there is one.
    close: Option<&'a str>,
    /// Whether text is written as it is.
    is_raw: bool,
    /// Whether a line break here would be taken for part of the start tag.
    is_pre: bool,
    place: Place,
}

impl<'a> Printer<'a> {
    fn node(&mut self, node: NodeId) {
        let Some(level) = self.open.last_mut() else {
            return;
        };
        match self.tree.data(node) {
            Data::Text(text) => {
                if std::mem::take(&mut level.is_pre) && text.starts_with('\n') {
                    self.out.push('\n');
                }
                if level.is_raw {
                    self.out.push_str(text);
                } else {
                    escape(&mut self.out, text, false);
                }
            }
            Data::Element(element) => match verdict(element, level.place) {
                Verdict::Keep(name) if self.depth < MAX_DEPTH => {
                    level.is_pre = false;
                    self.element(node, element, name);
                }
                Verdict::Unwrap => {
                    self.has_dropped = true;
                    let (is_raw, place) = (level.is_raw, level.place);
                    self.open.push(Level {
                        next: self.tree.first(node),
                        close: None,
                        is_raw,
                        is_pre: false,
                        place,
                    });
                }
                Verdict::Keep(_) | Verdict::Drop => self.has_dropped = true,
            },
            Data::Comment | Data::Root => self.has_dropped = true,
        }
    }

    fn element(&mut self, node: NodeId, element: &'a Element, name: &'a str) {
        self.out.push('<');
        self.out.push_str(name);
        for attribute in &element.attributes {
            if keeps(element, attribute, self.depth == 0) {
                self.attribute(attribute);
            } else {
                self.has_dropped = true;
            }
        }
        self.out.push('>');
        let is_html = is_html(&element.name);
        if is_html && is_void(name) {
            return;
        }
        let first = self.tree.first(element.contents.unwrap_or(node));
        // A browser that shows frames shows none of the text in it.
        let is_frame = is_html && name == "iframe";
        self.has_dropped |= is_frame && first.is_some();
        let place = self
            .open
            .last()
            .map_or_else(Place::default, |level| level.place);
        let in_select = place.in_select;
        self.depth += 1;
        self.open.push(Level {
            next: first.filter(|_| !is_frame),
            close: Some(name),
            is_raw: is_code(element),
            is_pre: is_html && matches!(name, "pre" | "textarea" | "listing"),
            place: Place {
                in_select: in_select || (is_html && name == "select"),
                in_table: is_html && matches!(name, "table" | "tbody" | "thead" | "tfoot" | "tr"),
                in_box: place.in_box || (is_html && is_box(name)),
            },
        });
    }

    fn attribute(&mut self, attribute: &Attribute) {
        self.out.push(' ');
        if let Some(prefix) = &attribute.name.prefix {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(&attribute.name.local);
        self.out.push_str("=\"");
        escape(&mut self.out, &attribute.value, true);
        self.out.push('"');
    }

    fn close(&mut self) {
        let level = self.open.pop();
        if let Some(name) = level.and_then(|level| level.close) {
            self.depth -= 1;
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }
}

/// Elements whose text is neither markup nor shown.
fn is_code(element: &Element) -> bool {
    is_html(&element.name) && matches!(&*element.name.local, "script" | "style")
}

/// Writes text so that it is read as this text. A parser turns every other carriage return into
/// a line feed.
fn escape(out: &mut String, text: &str, quoted: bool) {
    let mut rest = text;
    let special = |c| matches!(c, '&' | '<' | '>' | '\r') || (quoted && c == '"');
    while let Some(at) = rest.find(special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'\r' => "&#13;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}
