//! Names of elements, by what the parser does with them.

/// Their text is not parsed as HTML.
pub(super) const RAW_TEXT: &[&str] = &[
    "iframe", "noembed", "noframes", "noscript", "script", "style", "textarea", "title", "xmp",
];

/// They have no end tag.
pub(super) const VOID: &[&str] = &[
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "image", "img",
    "input", "keygen", "link", "meta", "param", "source", "track", "wbr",
];

/// Their tags are optional, and any parser knows where they belong.
pub(super) const PAGE: &[&str] = &["html", "head", "body", "frameset"];

/// Their end tags end the page.
pub(super) const CLOSING: &[&str] = &["html", "body"];

/// Their end tags are optional: the end of their parent closes them.
pub(super) const CLOSED_BY_OTHERS: &[&str] = &[
    "caption", "colgroup", "dd", "dt", "li", "optgroup", "option", "p", "rb", "rp", "rt", "rtc",
    "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// A start tag of the same name closes them wherever they may stand.
pub(super) const CLOSED_BY_THEIR_LIKE: &[&str] = &[
    "dd", "dt", "li", "p", "tbody", "td", "tfoot", "th", "thead", "tr",
];

/// Where one of these is not closed, the parser opens it again behind its parent.
pub(super) const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

pub(super) const SVG_ISLANDS: &[&str] = &["desc", "foreignObject", "title"];

pub(super) const MATHML_ISLANDS: &[&str] = &["annotation-xml", "mi", "mn", "mo", "ms", "mtext"];

/// They end SVG and MathML around them.
pub(super) const BREAKOUT: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];

/// Elements that stand in the head, and open no body.
pub(super) const IN_HEAD: &[&str] = &[
    "base", "link", "meta", "noscript", "script", "style", "template", "title",
];
