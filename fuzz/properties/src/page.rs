//! Arbitrary pages: as a stream of patches, and in one piece.

use std::time::Duration;

use anabranch_html::document::{END, TAIL, escape};
use anabranch_html::marker::{self, Name, Swap, head};
use anabranch_html::script::{ScriptMode, Scripts};
use arbitrary::{Result, Unstructured};

/// More boundaries than this make a page slower, not stranger.
const MAX_BOUNDARIES: usize = 24;

/// Deeper nesting than this is met by no generator of short inputs.
const MAX_DEPTH: usize = 5;

/// Texts that look like markup, or like the wire itself.
const TEXTS: [&str; 17] = [
    "",
    "a",
    "two words",
    "<b>&amp;\"'",
    "</template>",
    "<template for=\"0\">",
    "<?start name=\"0\">",
    "<?end>",
    "?end",
    "<!--$a-->",
    "-->",
    "]]>",
    "</body></html>",
    "</title>",
    "<script>self.$a&&$a()</script>",
    "\u{fc}\u{1f600}\u{202e}",
    "name=\"1\"",
];

/// A page with boundaries.
pub(crate) struct Page {
    title: String,
    late_title: String,
    body: Vec<Node>,
    boundaries: Vec<Boundary>,
    /// Boundaries by the order of their patches, and whether a flush ends behind each.
    order: Vec<(usize, bool)>,
}

struct Boundary {
    loading: Vec<Node>,
    content: Vec<Node>,
    swap: Swap,
}

enum Node {
    Text(String),
    Comment(&'static str),
    Element {
        tag: &'static str,
        title: Option<String>,
        children: Vec<Node>,
    },
    /// The number of a boundary.
    Boundary(usize),
}

/// What may stand in an element.
#[derive(Clone, Copy)]
enum Place {
    Flow,
    Table,
    Rows,
    Cells,
    Items,
    Options,
    Text,
}

/// The elements of a place, and what may stand in each.
fn elements(place: Place) -> &'static [(&'static str, Place)] {
    match place {
        Place::Flow => &[
            ("div", Place::Flow),
            ("table", Place::Table),
            ("ul", Place::Items),
            ("select", Place::Options),
            ("b", Place::Text),
            ("p", Place::Text),
        ],
        Place::Table => &[("tbody", Place::Rows)],
        Place::Rows => &[("tr", Place::Cells)],
        Place::Cells => &[("td", Place::Flow), ("th", Place::Text)],
        Place::Items => &[("li", Place::Flow)],
        Place::Options => &[("option", Place::Text)],
        Place::Text => &[],
    }
}

impl Page {
    pub(crate) fn arbitrary(input: &mut Unstructured<'_>) -> Result<Self> {
        let mut page = Self {
            title: text(input)?,
            late_title: text(input)?,
            body: Vec::new(),
            boundaries: Vec::new(),
            order: Vec::new(),
        };
        page.body = page.nodes(input, Place::Flow, 0, true)?;
        page.order = page.completion(input)?;
        Ok(page)
    }

    /// `boundaries`: whether there may be any, which is not so in a loading view.
    fn nodes(
        &mut self,
        input: &mut Unstructured<'_>,
        place: Place,
        depth: usize,
        boundaries: bool,
    ) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        if depth > MAX_DEPTH {
            return Ok(nodes);
        }
        for _ in 0..input.int_in_range(0..=4)? {
            let node = match input.int_in_range(0..=7)? {
                0..=2 if boundaries => {
                    let Some(number) = self.boundary(input, place, depth)? else {
                        continue;
                    };
                    Node::Boundary(number)
                }
                3 => Node::Comment(input.choose(&["", " a ", "end", "start name=\"0\""])?),
                4 if matches!(place, Place::Flow | Place::Text) => Node::Text(text(input)?),
                _ if elements(place).is_empty() => Node::Text(text(input)?),
                _ => {
                    let (tag, inner) = *input.choose(elements(place))?;
                    let title = Some(text(input)?).filter(|title| !title.is_empty());
                    let children = self.nodes(input, inner, depth + 1, boundaries)?;
                    Node::Element {
                        tag,
                        title,
                        children,
                    }
                }
            };
            nodes.push(node);
        }
        Ok(nodes)
    }

    fn boundary(
        &mut self,
        input: &mut Unstructured<'_>,
        place: Place,
        depth: usize,
    ) -> Result<Option<usize>> {
        let number = self.boundaries.len();
        // Between a table and its rows, the parser puts in a tbody of its own.
        if number == MAX_BOUNDARIES || matches!(place, Place::Table) {
            return Ok(None);
        }
        let swap = *input.choose(&[Swap::Native, Swap::Bridge])?;
        self.boundaries.push(Boundary {
            loading: Vec::new(),
            content: Vec::new(),
            swap,
        });
        self.boundaries[number].loading = self.nodes(input, place, depth + 1, false)?;
        self.boundaries[number].content = self.nodes(input, place, depth + 1, true)?;
        Ok(Some(number))
    }

    /// Any order in which a parent comes before its children.
    fn completion(&self, input: &mut Unstructured<'_>) -> Result<Vec<(usize, bool)>> {
        let mut open = Vec::new();
        boundaries_in(&self.body, &mut open);
        let mut order = Vec::new();
        while !open.is_empty() {
            let number = open.swap_remove(input.choose_index(open.len())?);
            order.push((number, input.ratio(1, 2)?));
            boundaries_in(&self.boundaries[number].content, &mut open);
        }
        Ok(order)
    }

    /// The page in one piece.
    pub(crate) fn whole(&self) -> String {
        let mut out = String::from("<!DOCTYPE html><html><head>");
        out.push_str("<title>");
        write_text(&mut out, &self.late_title, Boundaries::Filled);
        out.push_str("</title></head><body>");
        self.write(&mut out, &self.body, Boundaries::Filled);
        out.push_str(TAIL);
        out
    }

    /// The page as it is streamed: the shell, then flushes of patches. Each ends with a trigger.
    pub(crate) fn streamed(&self) -> String {
        let scripts = Scripts {
            mode: ScriptMode::Inline,
            watchdog: Duration::from_secs(15),
            cut_notice: "cut".into(),
        };
        let mut out = String::from("<!DOCTYPE html><html><head>");
        head::title_range(&mut out, Some(&self.title));
        head::tags_point(&mut out);
        out.push_str("</head><body>");
        self.write(&mut out, &self.body, Boundaries::Open);
        scripts.write_bridge(&mut out, None);
        for (number, ends) in &self.order {
            let boundary = &self.boundaries[*number];
            marker::open_patch(&mut out, name(*number), boundary.swap);
            self.write(&mut out, &boundary.content, Boundaries::Open);
            marker::close_patch(&mut out);
            if *ends {
                scripts.write_trigger(&mut out, None);
            }
        }
        head::title_patch(&mut out, Swap::Native, Some(&self.title));
        head::close(&mut out, Swap::Bridge, Some(&self.late_title));
        scripts.write_trigger(&mut out, None);
        out.push_str(TAIL);
        out.push_str(END);
        out
    }

    fn write(&self, out: &mut String, nodes: &[Node], boundaries: Boundaries) {
        for node in nodes {
            match node {
                Node::Text(text) => write_text(out, text, boundaries),
                Node::Comment(text) => {
                    out.push_str("<!--");
                    out.push_str(text);
                    out.push_str("-->");
                }
                Node::Element {
                    tag,
                    title,
                    children,
                } => {
                    out.push('<');
                    out.push_str(tag);
                    if let Some(title) = title {
                        out.push_str(" title=\"");
                        write_text(out, title, boundaries);
                        out.push('"');
                    }
                    out.push('>');
                    self.write(out, children, boundaries);
                    out.push_str("</");
                    out.push_str(tag);
                    out.push('>');
                }
                Node::Boundary(number) => {
                    let boundary = &self.boundaries[*number];
                    match boundaries {
                        Boundaries::Filled => self.write(out, &boundary.content, boundaries),
                        Boundaries::Open => {
                            marker::open_placeholder(out, name(*number));
                            self.write(out, &boundary.loading, boundaries);
                            marker::close_placeholder(out);
                        }
                    }
                }
            }
        }
    }
}

/// How boundaries are written.
#[derive(Clone, Copy)]
enum Boundaries {
    Filled,
    Open,
}

/// Escaped by the crate in the stream, and by the rule in the page in one piece.
fn write_text(out: &mut String, text: &str, boundaries: Boundaries) {
    match boundaries {
        Boundaries::Open => escape(out, text),
        Boundaries::Filled => {
            let text = text.replace('&', "&amp;").replace('"', "&quot;");
            out.push_str(&text.replace('<', "&lt;").replace('>', "&gt;"));
        }
    }
}

/// Names of one to three characters.
fn name(number: usize) -> Name {
    let number = u32::try_from(number).expect("pages are small");
    Name(number * number * 80)
}

fn boundaries_in(nodes: &[Node], found: &mut Vec<usize>) {
    for node in nodes {
        match node {
            Node::Boundary(number) => found.push(*number),
            Node::Element { children, .. } => boundaries_in(children, found),
            Node::Text(_) | Node::Comment(_) => {}
        }
    }
}

fn text(input: &mut Unstructured<'_>) -> Result<String> {
    if input.ratio(1, 4)? {
        let text: &str = input.arbitrary()?;
        return Ok(text.to_owned());
    }
    Ok((*input.choose(&TEXTS)?).to_owned())
}
