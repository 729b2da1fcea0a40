//! The places, and what stands in them.

use anabranch::prelude::*;

/// A place that a boundary can have.
pub(super) struct Place {
    pub(super) name: &'static str,
    pub(super) part: Part,
    /// This, in the place.
    pub(super) around: fn(Markup) -> Markup,
    /// What may stand there.
    pub(super) content: fn(&str) -> Markup,
}

/// The part of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Head,
    Body,
}

/// Those that work.
pub(super) const PLACES: &[Place] = &[
    body(
        "table",
        |inside| html! { table { caption { "c" } (inside) tfoot { tr { td { "f" } } } } },
        |text| html! { tbody { tr { td { (text) } } } },
    ),
    body(
        "tbody",
        |inside| html! { table { tbody { tr { td { "0" } } (inside) } } },
        |text| html! { tr { td { (text) } } },
    ),
    body(
        "tr",
        |inside| html! { table { tbody { tr { td { "0" } (inside) } } } },
        |text| html! { td { (text) } },
    ),
    body(
        "colgroup",
        |inside| html! { table { colgroup { (inside) } tbody { tr { td { "0" } } } } },
        |text| html! { col title=(text); },
    ),
    body(
        "ul",
        |inside| html! { ul { (inside) li { "last" } } },
        |text| html! { li { (text) } },
    ),
    body(
        "dl",
        |inside| html! { dl { (inside) } },
        |text| html! { dt { (text) } dd { "d" } },
    ),
    body(
        "select",
        |inside| html! { select { (inside) option { "last" } } },
        |text| html! { option { (text) } },
    ),
    body(
        "p",
        |inside| html! { p { "First. " (inside) " Last." } },
        |text| html! { em { (text) } " and text" },
    ),
    body(
        "button",
        |inside| html! { button { (inside) } },
        |text| html! { b { (text) } },
    ),
    body(
        "svg-as-content",
        |inside| html! { figure { (inside) } },
        |text| html! { svg viewBox="0 0 1 1" { circle r="1" {} text { (text) } } },
    ),
    body(
        "svg-foreign-object",
        |inside| html! { svg { foreignObject { div { (inside) } } rect {} } },
        |text| html! { p { (text) } },
    ),
    Place {
        name: "head",
        part: Part::Head,
        around: |inside| inside,
        content: |text| html! { meta name="keywords" content=(text); },
    },
];

/// Those where HTML has no room for a marker, or takes the patch for something else.
pub(super) const MISTAKES: &[Place] = &[
    body(
        "table-without-tbody",
        |inside| html! { table { (inside) tr { td { "last" } } } },
        |text| html! { tr { td { (text) } } },
    ),
    body(
        "svg",
        |inside| html! { svg viewBox="0 0 1 1" { (inside) rect {} } },
        |text| html! { text { (text) } },
    ),
    Place {
        name: "title",
        part: Part::Head,
        around: |inside| html! { title { (inside) } },
        content: |text| html! { (text) },
    },
    body(
        "textarea",
        |inside| html! { textarea { (inside) } },
        |text| html! { (text) },
    ),
    body(
        "attribute",
        |inside| html! { p title=(inside.into_string()) { "text" } },
        |text| html! { (text) },
    ),
    body(
        "style",
        |inside| html! { style { (inside) } },
        |text| html! { (text) },
    ),
    body(
        "template",
        |inside| html! { template { (inside) } },
        |text| html! { p { (text) } },
    ),
];

const fn body(
    name: &'static str,
    around: fn(Markup) -> Markup,
    content: fn(&str) -> Markup,
) -> Place {
    Place {
        name,
        part: Part::Body,
        around,
        content,
    }
}
