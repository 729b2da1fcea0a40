//! Writes a document in the notation that makes equal pages equal strings.

use html5ever::ns;

use super::tree::{Data, Element, NodeId, Tree};
use super::wire::{Meaning, meaning};

/// Writes a document. It keeps its own stack, because pages may nest deeper than a thread's.
pub(super) fn write(tree: &Tree) -> String {
    let mut out = String::new();
    let mut text = String::new();
    let mut todo = vec![Step::Children(Tree::ROOT)];
    while let Some(step) = todo.pop() {
        match step {
            Step::Children(parent) => {
                if let Some(child) = tree.first(parent) {
                    todo.push(Step::Node(child));
                }
            }
            Step::Node(node) => {
                if let Some(next) = tree.next(node) {
                    todo.push(Step::Node(next));
                }
                match tree.data(node) {
                    Data::Text(more) => text.push_str(more),
                    _ if is_skipped(tree, node) => {}
                    Data::Root => todo.push(Step::Children(node)),
                    Data::Comment(comment) => {
                        flush(&mut out, &mut text);
                        line(&mut out, &format!("<!--{comment}-->"));
                    }
                    Data::Doctype(name) => line(&mut out, &format!("<!DOCTYPE {name}>")),
                    Data::Element(element) => {
                        flush(&mut out, &mut text);
                        line(&mut out, &open_tag(element));
                        todo.push(Step::Close(element));
                        todo.push(Step::Children(element.contents.unwrap_or(node)));
                    }
                }
            }
            Step::Close(element) => {
                flush(&mut out, &mut text);
                line(
                    &mut out,
                    &format!("</{}{}>", space(element), element.name()),
                );
            }
        }
    }
    out.truncate(out.trim_end_matches('\n').len());
    out
}

fn is_skipped(tree: &Tree, node: NodeId) -> bool {
    let meaning = meaning(tree, node);
    matches!(meaning, Meaning::Padding | Meaning::Inspector)
}

enum Step<'a> {
    Children(NodeId),
    /// The node, then its later siblings.
    Node(NodeId),
    Close(&'a Element),
}

fn open_tag(element: &Element) -> String {
    let mut attributes: Vec<String> = element
        .attributes
        .iter()
        .map(|attribute| {
            let name = &attribute.name;
            let prefix = name.prefix.as_ref().map(|prefix| format!("{prefix}:"));
            let value = match &*name.local {
                "data-error" => MASK,
                _ => &*attribute.value,
            };
            format!(
                " {}{}=\"{value}\"",
                prefix.unwrap_or_default(),
                &*name.local
            )
        })
        .collect();
    attributes.sort();
    let (space, name) = (space(element), element.name());
    format!("<{space}{name}{}>", attributes.concat())
}

/// What stands before the name of an element that is none of HTML: content that arrives as HTML
/// in a drawing has the names of a drawing, and shows nothing.
fn space(element: &Element) -> &'static str {
    match element.qualified.ns {
        ns!(html) => "",
        ns!(mathml) => "math ",
        _ => "svg ",
    }
}

fn flush(out: &mut String, text: &mut String) {
    if !text.is_empty() {
        line(out, &format!("\"{}\"", mask_error_ids(text)));
        text.clear();
    }
}

fn line(out: &mut String, text: &str) {
    out.push_str(&text.replace('\\', "\\\\").replace('\n', "\\n"));
    out.push('\n');
}

const MASK: &str = "********";

/// Masks the eight digits of each `error 1a2b3c4d`, also where that begins a sentence.
fn mask_error_ids(text: &str) -> String {
    ["error ", "Error "]
        .into_iter()
        .fold(text.to_owned(), |text, word| mask_ids_behind(word, &text))
}

fn mask_ids_behind(word: &str, text: &str) -> String {
    let mut parts = text.split(word);
    let mut masked = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        masked.push_str(word);
        match part.split_at_checked(MASK.len()) {
            Some((id, rest)) if is_error_id(id) && !rest.starts_with(char::is_alphanumeric) => {
                masked.push_str(MASK);
                masked.push_str(rest);
            }
            _ => masked.push_str(part),
        }
    }
    masked
}

fn is_error_id(text: &str) -> bool {
    text.bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
