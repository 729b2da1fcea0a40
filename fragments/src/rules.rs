//! What of a fragment stays.
//!
//! These rules are about the framing of a page, not about harm. An element goes if it belongs to
//! a page as a whole, or if browsers do not agree where it ends.

use html5ever::{Attribute, QualName, ns};

use crate::tree::Element;

/// What becomes of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict<'a> {
    /// It stays, under this name.
    Keep(&'a str),
    /// Its tags go, what is in it stays.
    Unwrap,
    /// It goes with all that is in it.
    Drop,
}

/// Where an element stands.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Place {
    /// In a select.
    pub(crate) in_select: bool,
    /// In a part of a table that is no cell.
    pub(crate) in_table: bool,
    /// In an element of the fragment that the start tag of a list's item does not look beyond.
    pub(crate) in_box: bool,
}

/// Whether the start tag of an `li`, `dd` or `dt` in this element of HTML leaves what is open
/// around the element alone. It looks beyond inline elements, and beyond these three.
pub(crate) fn is_box(name: &str) -> bool {
    matches!(
        name,
        "article"
            | "aside"
            | "blockquote"
            | "caption"
            | "center"
            | "details"
            | "dir"
            | "dl"
            | "fieldset"
            | "figure"
            | "footer"
            | "header"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "section"
            | "table"
            | "td"
            | "template"
            | "th"
            | "ul"
    )
}

pub(crate) fn verdict(element: &Element, place: Place) -> Verdict<'_> {
    let name = &*element.name.local;
    if !is_plain(name) {
        return Verdict::Unwrap;
    }
    if !is_html(&element.name) {
        // Neither SVG nor MathML has them; a step out of it, and they would mean something.
        return match name {
            "html" | "head" | "body" | "frameset" | "template" | "plaintext" | "noscript"
            | "noembed" | "noframes" | "xmp" | "iframe" | "textarea" => Verdict::Unwrap,
            _ => Verdict::Keep(name),
        };
    }
    match name {
        // Older browsers ignore other tags in a select, and so parse the text of a script or
        // style in it.
        _ if place.in_select && !matches!(name, "option" | "optgroup" | "hr") => Verdict::Drop,
        "html" | "head" | "body" => Verdict::Unwrap,
        "title" | "meta" | "base" | "frameset" | "frame" | "noframes" | "noembed" => Verdict::Drop,
        // Empty, since the parser closes it at once, and in a template it is not even there.
        "form" if place.in_table => Verdict::Drop,
        // It would end the item that the fragment stands in, however many `div` are between.
        "li" | "dd" | "dt" if !place.in_box => Verdict::Unwrap,
        // Text to those who run scripts, markup to the others.
        "noscript" => Verdict::Drop,
        // Nothing closes a plaintext, and its text may not be markup for having been in it.
        "plaintext" | "xmp" => Verdict::Keep("pre"),
        _ => Verdict::Keep(name),
    }
}

pub(crate) fn keeps(element: &Element, attribute: &Attribute, is_outermost: bool) -> bool {
    let tag = &*element.name.local;
    let name = &*attribute.name.local;
    let value = &*attribute.value;
    let is_patch = tag == "template" && matches!(name, "for" | "data-for");
    // What hosts the shadow is then the element around the fragment, and nothing else of it shows.
    let is_shadow = tag == "template" && name == "shadowrootmode" && is_outermost;
    let is_shadowing = matches!(name, "id" | "name") && shadows(tag, value);
    is_plain(name) && !is_patch && !is_shadow && !is_shadowing
}

/// Whether an element of this name makes `document.value` or `window.value` mean itself, where
/// the bridge means something else.
fn shadows(tag: &str, value: &str) -> bool {
    let named_by_document = matches!(
        tag,
        "applet" | "embed" | "form" | "frame" | "iframe" | "image" | "img" | "object"
    );
    OF_WINDOW.contains(&value) || (named_by_document && OF_DOCUMENT.contains(&value))
}

/// What the bridge asks of the document.
pub(crate) const OF_DOCUMENT: &[&str] = &[
    "body",
    "contains",
    "createElement",
    "createTreeWalker",
    "currentScript",
    "lastChild",
    "readyState",
    "scripts",
];

/// What it asks of the window and an element can shadow.
pub(crate) const OF_WINDOW: &[&str] = &["$a", "addEventListener"];

/// Whether a name is written in the source as it is read by any parser.
fn is_plain(name: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>/=&`".contains(c);
    !name.is_empty() && !name.contains(odd)
}

pub(crate) fn is_html(name: &QualName) -> bool {
    name.ns == ns!(html)
}

/// Elements of HTML that have no end tag.
pub(crate) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "basefont"
            | "bgsound"
            | "br"
            | "col"
            | "embed"
            | "frame"
            | "hr"
            | "img"
            | "input"
            | "keygen"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}
