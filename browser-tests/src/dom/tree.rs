//! A document as an arena of linked nodes.
//!
//! Siblings are linked both ways, so that placing and removing a node takes the same time in a
//! body of ten thousand children as in one of two.

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName};

/// Index of a node in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct NodeId(usize);

/// The content of a node.
pub(super) enum Data {
    /// A document, or the content of a template.
    Root,
    /// The name of the document type.
    Doctype(StrTendril),
    /// Text.
    Text(StrTendril),
    /// Text of a comment.
    Comment(StrTendril),
    /// An element.
    Element(Element),
}

/// An element without its children.
pub(super) struct Element {
    /// The name of the tag, with its namespace.
    pub(super) qualified: QualName,
    /// Attributes in the order of the source.
    pub(super) attributes: Vec<Attribute>,
    /// Where a template keeps its children.
    pub(super) contents: Option<NodeId>,
    /// What the parser asks for inside of MathML.
    pub(super) integration_point: bool,
}

impl Element {
    /// The name of the tag.
    pub(super) fn name(&self) -> &str {
        &self.qualified.local
    }

    /// Whether this is the element of this name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name() == name
    }

    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut attributes = self.attributes.iter();
        attributes
            .find(|attribute| &*attribute.name.local == name)
            .map(|attribute| &*attribute.value)
    }
}

struct Node {
    parent: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    data: Data,
}

/// A document.
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Tree {
    /// The document node.
    pub(super) const ROOT: NodeId = NodeId(0);

    /// The content of a node.
    pub(super) fn data(&self, node: NodeId) -> &Data {
        &self.at(node).data
    }

    /// The content of a node.
    pub(super) fn data_mut(&mut self, node: NodeId) -> &mut Data {
        &mut self.at_mut(node).data
    }

    /// The parent of a node.
    pub(super) fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).parent
    }

    /// The sibling before a node.
    pub(super) fn previous(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).previous
    }

    /// The sibling after a node.
    pub(super) fn next(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).next
    }

    /// The first child of a node.
    pub(super) fn first(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).first
    }

    /// The last child of a node.
    pub(super) fn last(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).last
    }

    /// The text of a node whose only child is a text.
    pub(super) fn only_text(&self, node: NodeId) -> Option<&str> {
        match self.data(self.at(node).first?) {
            Data::Text(text) if self.at(node).first == self.at(node).last => Some(text),
            _ => None,
        }
    }

    /// The node after `node` in the order of the document, inside of `root`.
    pub(super) fn following(&self, node: NodeId, root: NodeId) -> Option<NodeId> {
        self.at(node).first.or_else(|| self.after(node, root))
    }

    /// The node after `node` and all that is in it, inside of `root`.
    pub(super) fn after(&self, node: NodeId, root: NodeId) -> Option<NodeId> {
        let mut node = node;
        while node != root {
            if let Some(next) = self.at(node).next {
                return Some(next);
            }
            node = self.at(node).parent?;
        }
        None
    }

    /// Takes a node out of its place.
    pub(super) fn detach(&mut self, node: NodeId) {
        let parent = self.at_mut(node).parent.take();
        let previous = self.at_mut(node).previous.take();
        let next = self.at_mut(node).next.take();
        match (previous, parent) {
            (Some(previous), _) => self.at_mut(previous).next = next,
            (None, Some(parent)) => self.at_mut(parent).first = next,
            (None, None) => {}
        }
        match (next, parent) {
            (Some(next), _) => self.at_mut(next).previous = previous,
            (None, Some(parent)) => self.at_mut(parent).last = previous,
            (None, None) => {}
        }
    }

    /// Puts `node` before `sibling`.
    pub(super) fn insert_before(&mut self, sibling: NodeId, node: NodeId) {
        self.detach(node);
        let parent = self.at(sibling).parent;
        let previous = self.at_mut(sibling).previous.replace(node);
        self.at_mut(node).parent = parent;
        self.at_mut(node).previous = previous;
        self.at_mut(node).next = Some(sibling);
        match (previous, parent) {
            (Some(previous), _) => self.at_mut(previous).next = Some(node),
            (None, Some(parent)) => self.at_mut(parent).first = Some(node),
            (None, None) => {}
        }
    }

    /// Puts `node` behind the children of `parent`.
    pub(super) fn append(&mut self, parent: NodeId, node: NodeId) {
        self.detach(node);
        let previous = self.at_mut(parent).last.replace(node);
        self.at_mut(node).parent = Some(parent);
        self.at_mut(node).previous = previous;
        match previous {
            Some(previous) => self.at_mut(previous).next = Some(node),
            None => self.at_mut(parent).first = Some(node),
        }
    }

    /// Adds a node that has no place yet.
    pub(super) fn add(&mut self, data: Data) -> NodeId {
        self.nodes.push(Node {
            parent: None,
            previous: None,
            next: None,
            first: None,
            last: None,
            data,
        });
        NodeId(self.nodes.len() - 1)
    }

    /// Adds to the text `neighbour`; where there is none, returns a new node.
    pub(super) fn add_text(
        &mut self,
        neighbour: Option<NodeId>,
        text: &StrTendril,
    ) -> Option<NodeId> {
        if let Some(neighbour) = neighbour
            && let Data::Text(before) = self.data_mut(neighbour)
        {
            before.push_tendril(text);
            return None;
        }
        Some(self.add(Data::Text(text.clone())))
    }

    fn at(&self, node: NodeId) -> &Node {
        &self.nodes[node.0]
    }

    fn at_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node.0]
    }
}

impl Default for Tree {
    fn default() -> Self {
        let mut tree = Self { nodes: Vec::new() };
        tree.add(Data::Root);
        tree
    }
}
