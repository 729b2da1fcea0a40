//! What the nodes of a parsed response mean on the wire.
//!
//! The texts are written out here once more, not taken from the crate that sends them: the
//! judgement must not change with what it judges.

use super::tree::{Data, NodeId, Tree};

/// The meaning of one node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning<'a> {
    /// `<?start name="…">`: a place up to its end marker.
    Start(&'a str),
    /// `<?marker name="…">`: a place of no extent.
    Point(&'a str),
    /// `<?end>`.
    End,
    /// A marker whose name cannot be read.
    Malformed(&'a str),
    /// `<template for="…">` or `<template data-for=…>`.
    Patch { name: &'a str, content: NodeId },
    /// The end marker of the response.
    Final,
    /// A script of the stream itself: the bridge or a trigger.
    Script,
    /// The comment that pads a short first flush.
    Padding,
    /// A script of the inspector, which takes itself out of the document.
    Inspector,
    /// The page's own.
    Content,
}

/// Tells what a node means.
pub(super) fn meaning(tree: &Tree, node: NodeId) -> Meaning<'_> {
    match tree.data(node) {
        Data::Comment(text) => comment(text),
        Data::Element(element) if element.is("template") => {
            let name = element.attribute("for").or(element.attribute("data-for"));
            match (name, element.contents) {
                (Some(name), Some(content)) => Meaning::Patch { name, content },
                _ => Meaning::Content,
            }
        }
        Data::Element(element) if element.is("script") => {
            let has = |name| element.attribute(name).is_some();
            if INSPECTOR.into_iter().any(has) {
                Meaning::Inspector
            } else if has("data-w") || tree.only_text(node) == Some(TRIGGER) {
                Meaning::Script
            } else {
                Meaning::Content
            }
        }
        _ => Meaning::Content,
    }
}

/// The attributes by which scripts of the inspector are known.
pub(crate) const INSPECTOR: [&str; 2] = ["data-anabranch", "data-anabranch-inspector"];

/// The text of the trigger.
pub(crate) const TRIGGER: &str = "self.$a&&$a()";

/// Tells what a comment means.
pub(crate) fn comment(text: &str) -> Meaning<'_> {
    if let Some(rest) = text.strip_prefix("?start") {
        return name(rest).map_or(Meaning::Malformed(text), Meaning::Start);
    }
    if let Some(rest) = text.strip_prefix("?marker") {
        return name(rest).map_or(Meaning::Malformed(text), Meaning::Point);
    }
    match text {
        "?end" => Meaning::End,
        "$a" => Meaning::Final,
        text if text.trim().is_empty() => Meaning::Padding,
        _ => Meaning::Content,
    }
}

fn name(attributes: &str) -> Option<&str> {
    let name = attributes.strip_prefix(" name=\"")?.strip_suffix('"')?;
    (!name.is_empty() && !name.contains('"')).then_some(name)
}
