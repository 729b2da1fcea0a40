//! A parsed fragment as an arena of linked nodes.
//!
//! Siblings are linked both ways, so that placing a node takes the same time among many as among
//! few: the parser moves what is misplaced in a table in front of it, one by one.

use html5ever::tendril::StrTendril;
use html5ever::{Attribute, QualName};

/// Index of a node in its [`Tree`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

#[derive(Debug)]
pub(crate) enum Data {
    /// A document, or the content of a template.
    Root,
    Text(StrTendril),
    Element(Element),
    /// A comment: nothing of it is needed.
    Comment,
}

/// An element without its children.
#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: QualName,
    pub(crate) attributes: Vec<Attribute>,
    /// Where a template keeps its children.
    pub(crate) contents: Option<NodeId>,
    /// What the parser asks for inside of MathML.
    pub(crate) integration_point: bool,
}

#[derive(Debug)]
struct Node {
    parent: Option<NodeId>,
    previous: Option<NodeId>,
    next: Option<NodeId>,
    first: Option<NodeId>,
    last: Option<NodeId>,
    /// How deep it was placed. What is moved later takes its children along as they are: this
    /// bounds the work of the parser, and need not be exact.
    depth: usize,
    data: Data,
}

#[derive(Debug)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    deepest: usize,
}

impl Tree {
    /// The document node.
    pub(crate) const ROOT: NodeId = NodeId(0);

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// How many nodes and attributes there are.
    #[cfg(test)]
    pub(crate) fn size(&self) -> usize {
        let attributes = self.nodes.iter().map(|node| match &node.data {
            Data::Element(element) => element.attributes.len(),
            _ => 0,
        });
        self.len() + attributes.sum::<usize>()
    }

    /// The greatest depth at which a node was placed.
    pub(crate) fn deepest(&self) -> usize {
        self.deepest
    }

    pub(crate) fn data(&self, node: NodeId) -> &Data {
        &self.at(node).data
    }

    /// The element that the parser has made of `node`.
    pub(crate) fn element(&self, node: NodeId) -> &Element {
        match self.data(node) {
            Data::Element(element) => element,
            _ => unreachable!("the parser asks this of elements only"),
        }
    }

    pub(crate) fn parent(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).parent
    }

    pub(crate) fn previous(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).previous
    }

    pub(crate) fn next(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).next
    }

    pub(crate) fn first(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).first
    }

    pub(crate) fn last(&self, node: NodeId) -> Option<NodeId> {
        self.at(node).last
    }

    /// Adds a node that has no place yet.
    pub(crate) fn add(&mut self, data: Data) -> NodeId {
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(Node {
            parent: None,
            previous: None,
            next: None,
            first: None,
            last: None,
            depth: 0,
            data,
        });
        id
    }

    /// Adds to the text `neighbour`; where there is none, returns a new node.
    pub(crate) fn add_text(
        &mut self,
        neighbour: Option<NodeId>,
        text: &StrTendril,
    ) -> Option<NodeId> {
        if let Some(neighbour) = neighbour
            && let Data::Text(before) = &mut self.at_mut(neighbour).data
        {
            before.push_tendril(text);
            return None;
        }
        Some(self.add(Data::Text(text.clone())))
    }

    /// Puts `node` behind the children of `parent`.
    pub(crate) fn append(&mut self, parent: NodeId, node: NodeId) {
        self.detach(node);
        let previous = self.at_mut(parent).last.replace(node);
        self.at_mut(node).parent = Some(parent);
        self.at_mut(node).previous = previous;
        match previous {
            Some(previous) => self.at_mut(previous).next = Some(node),
            None => self.at_mut(parent).first = Some(node),
        }
        self.set_depth(node, self.at(parent).depth + 1);
    }

    /// Puts `node` before `sibling`.
    pub(crate) fn insert_before(&mut self, sibling: NodeId, node: NodeId) {
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
        self.set_depth(node, self.at(sibling).depth);
    }

    /// Takes a node out of its place.
    pub(crate) fn detach(&mut self, node: NodeId) {
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

    fn set_depth(&mut self, node: NodeId, depth: usize) {
        self.at_mut(node).depth = depth;
        self.deepest = self.deepest.max(depth);
        if let Data::Element(Element {
            contents: Some(contents),
            ..
        }) = *self.data(node)
        {
            self.at_mut(contents).depth = depth;
        }
    }

    fn at(&self, node: NodeId) -> &Node {
        &self.nodes[node.0 as usize]
    }

    fn at_mut(&mut self, node: NodeId) -> &mut Node {
        &mut self.nodes[node.0 as usize]
    }
}

impl Default for Tree {
    fn default() -> Self {
        let mut tree = Self {
            nodes: Vec::new(),
            deepest: 0,
        };
        tree.add(Data::Root);
        tree
    }
}
