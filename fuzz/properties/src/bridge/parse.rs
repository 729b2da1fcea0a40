//! What an HTML parser makes of a response, as JSON for `dom.js`.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Map, Value, json};

/// The document of a response.
pub(super) fn to_json(html: &str) -> String {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
    node(&dom.document).to_string()
}

fn node(handle: &Handle) -> Value {
    match &handle.data {
        NodeData::Document => json!({ "name": "#document", "children": children(handle) }),
        NodeData::Doctype { name, .. } => json!({ "name": "#doctype", "data": &**name }),
        NodeData::Text { contents } => json!({ "name": "#text", "data": &**contents.borrow() }),
        NodeData::Comment { contents } => json!({ "name": "#comment", "data": &**contents }),
        NodeData::Element {
            name,
            attrs,
            template_contents,
            ..
        } => {
            let attributes: Map<String, Value> = attrs
                .borrow()
                .iter()
                .map(|attribute| (attribute.name.local.to_string(), json!(&*attribute.value)))
                .collect();
            let content = template_contents.borrow();
            json!({
                "name": &*name.local,
                "attributes": attributes,
                "children": children(handle),
                "content": content.as_ref().map(children),
            })
        }
        NodeData::ProcessingInstruction { .. } => unreachable!("HTML has none"),
    }
}

fn children(handle: &Handle) -> Vec<Value> {
    handle.children.borrow().iter().map(node).collect()
}
