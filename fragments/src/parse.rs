//! From text to tree, with bounds on what a hostile text can cost.
//!
//! The text is given to the parser piece by piece. Between two pieces the tree tells whether it
//! grows out of proportion; then the rest of the text is left out.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use html5ever::{
    Attribute, LocalName, Namespace, ParseOpts, QualName, local_name, ns, parse_fragment,
};

use crate::MAX_DEPTH;
use crate::tree::{Data, Element, NodeId, Tree};

/// A tree, and whether it lacks the end of the text.
pub(crate) struct Parsed {
    pub(crate) tree: Tree,
    pub(crate) is_cut: bool,
}

/// Bytes between two looks at the tree.
const PIECE: usize = 1024;

/// More nodes and attributes than bytes, and this: only repeated formatting makes so many.
const SPARE: usize = 1024;

/// How many blanks, slashes and quotes may stand in one tag or comment. Each may begin an
/// attribute, and the parser compares every attribute with all before it.
const MAX_SEPARATORS: usize = 10_000;

/// Parses `html` as the content of an element of the body, by a browser that runs no scripts: to
/// such a one there is more markup, since nothing is text for being in `noscript`.
pub(crate) fn parse(html: &str) -> Parsed {
    let options = options(false);
    let context = QualName::new(None, ns!(html), local_name!("body"));
    let sink = Sink {
        limit: html.len() + SPARE,
        ..Sink::default()
    };
    let mut parser = parse_fragment(sink, options, context, Vec::new(), false);
    let mut rest = html;
    let mut separators = 0;
    let mut is_cut = false;
    while !rest.is_empty() && !is_cut {
        let (piece, more) = rest.split_at(rest.floor_char_boundary(PIECE));
        rest = more;
        parser.process(StrTendril::from_slice(piece));
        let sink = &parser.tokenizer.sink.sink;
        // The parser is still in the midst of a tag or comment if it has asked nothing since.
        let within = if sink.is_busy.replace(false) {
            0
        } else {
            separators
        };
        separators = within + piece.bytes().filter(|byte| separates(*byte)).count();
        let tree = sink.tree.borrow();
        // The document and its root element are the first two levels.
        is_cut = tree.deepest() > MAX_DEPTH + 2
            || sink.is_heavy(&tree)
            || separators > MAX_SEPARATORS + PIECE;
    }
    let tree = parser.finish();
    Parsed { tree, is_cut }
}

/// How a browser parses that runs scripts, or does not.
pub(crate) fn options(scripting_enabled: bool) -> ParseOpts {
    ParseOpts {
        tree_builder: TreeBuilderOpts {
            scripting_enabled,
            ..TreeBuilderOpts::default()
        },
        ..ParseOpts::default()
    }
}

fn separates(byte: u8) -> bool {
    byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'')
}

/// What the parser builds into.
pub(crate) struct Sink {
    tree: RefCell<Tree>,
    /// How many attributes the tree has.
    attributes: Cell<usize>,
    /// How many nodes and attributes it may have.
    limit: usize,
    /// Whether the parser has placed something or asked for something since this was reset.
    is_busy: Cell<bool>,
}

/// An element's name, as the parser asks for it. Cloning one copies two interned strings.
#[derive(Debug)]
pub(crate) struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl Default for Sink {
    /// One without a limit.
    fn default() -> Self {
        Self {
            tree: RefCell::default(),
            attributes: Cell::default(),
            limit: usize::MAX,
            is_busy: Cell::default(),
        }
    }
}

impl Sink {
    fn is_heavy(&self, tree: &Tree) -> bool {
        tree.len() + self.attributes.get() > self.limit
    }

    /// Places a node or a text, which is joined with the text `neighbour` if that is one.
    fn place(
        &self,
        child: NodeOrText<NodeId>,
        neighbour: impl Fn(&Tree) -> Option<NodeId>,
        place: impl Fn(&mut Tree, NodeId),
    ) {
        self.is_busy.set(true);
        let mut tree = self.tree.borrow_mut();
        let node = match child {
            NodeOrText::AppendNode(node) => Some(node),
            NodeOrText::AppendText(text) => {
                let neighbour = neighbour(&tree);
                tree.add_text(neighbour, &text)
            }
        };
        if let Some(node) = node {
            place(&mut tree, node);
        }
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Name;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn get_document(&self) -> NodeId {
        Tree::ROOT
    }

    fn same_node(&self, x: &NodeId, y: &NodeId) -> bool {
        x == y
    }

    fn elem_name(&self, node: &NodeId) -> Name {
        self.is_busy.set(true);
        Name(self.tree.borrow().element(*node).name.clone())
    }

    fn get_template_contents(&self, node: &NodeId) -> NodeId {
        let contents = self.tree.borrow().element(*node).contents;
        contents.expect("the parser asks this of templates only")
    }

    fn is_mathml_annotation_xml_integration_point(&self, node: &NodeId) -> bool {
        self.tree.borrow().element(*node).integration_point
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        let mut tree = self.tree.borrow_mut();
        let contents = flags.template.then(|| tree.add(Data::Root));
        // Formatting is repeated with its attributes, many times before anybody looks.
        let attributes = if self.is_heavy(&tree) {
            Vec::new()
        } else {
            attributes
        };
        self.attributes
            .set(self.attributes.get() + attributes.len());
        tree.add(Data::Element(Element {
            name,
            attributes,
            contents,
            integration_point: flags.mathml_annotation_xml_integration_point,
        }))
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.tree.borrow_mut().add(Data::Comment)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.tree.borrow_mut().add(Data::Comment)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let last = |tree: &Tree| tree.last(*parent);
        self.place(child, last, |tree, node| tree.append(*parent, node));
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let previous = |tree: &Tree| tree.previous(*sibling);
        self.place(child, previous, |tree, node| {
            tree.insert_before(*sibling, node);
        });
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let placed = self.tree.borrow().parent(*element).is_some();
        if placed {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// The attributes of a second `html` or `body` are for elements that are never written.
    fn add_attrs_if_missing(&self, _: &NodeId, _: Vec<Attribute>) {}

    fn remove_from_parent(&self, node: &NodeId) {
        self.tree.borrow_mut().detach(*node);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut tree = self.tree.borrow_mut();
        while let Some(child) = tree.first(*node) {
            tree.append(*new_parent, child);
        }
    }
}
