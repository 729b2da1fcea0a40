//! Builds a [`Tree`] from what the HTML parser finds.

use std::borrow::Cow;
use std::cell::RefCell;

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{ByteTendril, StrTendril, TendrilSink};
use html5ever::{Attribute, LocalName, Namespace, QualName, parse_document};

use super::tree::{Data, Element, NodeId, Tree};

/// Parses a response as a browser does that has JavaScript on, part by part as it arrives.
pub(super) fn parse<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Tree {
    let mut parser = parse_document(Sink::default(), Default::default()).from_utf8();
    for part in parts {
        parser.process(ByteTendril::from_slice(part));
    }
    parser.finish()
}

/// What the parser builds into.
#[derive(Default)]
struct Sink(RefCell<Tree>);

/// An element's name, as the parser asks for it. Cloning one copies two interned strings.
#[derive(Debug)]
struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Name;

    fn finish(self) -> Tree {
        self.0.into_inner()
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
        Name(element(&self.0.borrow(), *node).qualified.clone())
    }

    fn get_template_contents(&self, node: &NodeId) -> NodeId {
        let contents = element(&self.0.borrow(), *node).contents;
        contents.expect("the parser asks this of templates only")
    }

    fn is_mathml_annotation_xml_integration_point(&self, node: &NodeId) -> bool {
        element(&self.0.borrow(), *node).integration_point
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        flags: ElementFlags,
    ) -> NodeId {
        let mut tree = self.0.borrow_mut();
        let contents = flags.template.then(|| tree.add(Data::Root));
        tree.add(Data::Element(Element {
            qualified: name,
            attributes,
            contents,
            integration_point: flags.mathml_annotation_xml_integration_point,
        }))
    }

    fn create_comment(&self, text: StrTendril) -> NodeId {
        self.0.borrow_mut().add(Data::Comment(text))
    }

    fn create_pi(&self, target: StrTendril, data: StrTendril) -> NodeId {
        // Only XML has them; this is how HTML writes one as a comment.
        let text = StrTendril::from(format!("?{target} {data}"));
        self.0.borrow_mut().add(Data::Comment(text))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        let mut tree = self.0.borrow_mut();
        let node = match child {
            NodeOrText::AppendNode(node) => Some(node),
            NodeOrText::AppendText(text) => {
                let last = tree.last(*parent);
                tree.add_text(last, &text)
            }
        };
        if let Some(node) = node {
            tree.append(*parent, node);
        }
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let mut tree = self.0.borrow_mut();
        let node = match child {
            NodeOrText::AppendNode(node) => Some(node),
            NodeOrText::AppendText(text) => {
                let previous = tree.previous(*sibling);
                tree.add_text(previous, &text)
            }
        };
        if let Some(node) = node {
            tree.insert_before(*sibling, node);
        }
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let placed = self.0.borrow().parent(*element).is_some();
        if placed {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, name: StrTendril, _: StrTendril, _: StrTendril) {
        let mut tree = self.0.borrow_mut();
        let doctype = tree.add(Data::Doctype(name));
        tree.append(Tree::ROOT, doctype);
    }

    fn add_attrs_if_missing(&self, node: &NodeId, attributes: Vec<Attribute>) {
        let mut tree = self.0.borrow_mut();
        if let Data::Element(element) = tree.data_mut(*node) {
            for attribute in attributes {
                if !element.attributes.iter().any(|a| a.name == attribute.name) {
                    element.attributes.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, node: &NodeId) {
        self.0.borrow_mut().detach(*node);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let mut tree = self.0.borrow_mut();
        while let Some(child) = tree.first(*node) {
            tree.append(*new_parent, child);
        }
    }
}

fn element(tree: &Tree, node: NodeId) -> &Element {
    match tree.data(node) {
        Data::Element(element) => element,
        _ => unreachable!("the parser asks this of elements only"),
    }
}
