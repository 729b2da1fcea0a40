//! The HTML of random pages: legal in every place that a boundary can have.

use maud::{Markup, PreEscaped, html};

use crate::graphs::graph::Failure;

/// What may stand in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Context {
    /// In `body`, `div`, `li`, `td`.
    Flow,
    /// In `p`, `span`.
    Phrasing,
    /// In `ul`.
    Items,
    /// In `tbody`.
    Rows,
    /// In `tr`.
    Cells,
    /// In `select`.
    Options,
}

impl Context {
    /// All kinds.
    pub const ALL: [Self; 6] = [
        Self::Flow,
        Self::Phrasing,
        Self::Items,
        Self::Rows,
        Self::Cells,
        Self::Options,
    ];

    /// The places that content of this kind can have inside.
    pub fn inside(self) -> &'static [Self] {
        use Context::{Cells, Flow, Items, Options, Phrasing, Rows};
        match self {
            Flow => &[Flow, Phrasing, Items, Rows, Options],
            Phrasing => &[Phrasing, Options],
            Items => &[Items, Flow],
            Rows => &[Rows, Cells, Flow],
            Cells => &[Cells, Flow],
            Options => &[Options],
        }
    }

    /// Whether the parser leaves a `<meta>` where it stands.
    pub fn holds_meta(self) -> bool {
        matches!(self, Self::Flow | Self::Phrasing | Self::Items)
    }

    /// Tags around a place of kind `inner` in content of this kind.
    pub fn around(self, inner: Self) -> (&'static str, &'static str) {
        use Context::{Cells, Flow, Items, Options, Phrasing, Rows};
        match (self, inner) {
            (Flow, Flow) => ("<div>", "</div>"),
            (Flow, Phrasing) => ("<p>", "</p>"),
            (Flow, Items) => ("<ul>", "</ul>"),
            (Flow, Rows) => ("<table><tbody>", "</tbody></table>"),
            (_, Options) if self != Options => ("<select>", "</select>"),
            (Phrasing, _) => ("<span>", "</span>"),
            (Items, Flow) => ("<li>", "</li>"),
            (Rows, Cells) => ("<tr>", "</tr>"),
            (Rows, Flow) => ("<tr><td>", "</td></tr>"),
            (Cells, Flow) => ("<td>", "</td>"),
            _ => ("", ""),
        }
    }

    /// Text as content of this kind.
    pub fn text(self, text: &str) -> Markup {
        match self {
            Self::Flow => html! { p { (text) } },
            Self::Phrasing => html! { em { (text) } },
            Self::Items => html! { li { (text) } },
            Self::Rows => html! { tr { td { (text) } } },
            Self::Cells => html! { td { (text) } },
            Self::Options => html! { option { (text) } },
        }
    }

    /// The error view of a boundary in this place.
    pub fn error(self, failure: Failure) -> Markup {
        self.text(&format!("failed: {failure:?}"))
    }
}

/// The view where no boundary brings one, with an id that no error has.
pub fn default_error(failure: Failure) -> Markup {
    const ID: &str = "00000000";
    match failure {
        Failure::NotFound => html! { p role="alert" { "There is nothing here." } },
        Failure::Redirect => html! { p { a href=(ELSEWHERE) { "Continue to " (ELSEWHERE) } } },
        Failure::Timeout => html! {
            p role="alert" data-error=(ID) { "This part of the page took too long. (error " (ID) ")" }
        },
        Failure::Error | Failure::Panic => html! {
            p role="alert" data-error=(ID) {
                "This part of the page could not be loaded. (error " (ID) ")"
            }
        },
    }
}

/// The tags that a failure adds to the page's head.
pub fn tags_of(failure: Failure) -> &'static str {
    match failure {
        Failure::NotFound => "<meta name=\"robots\" content=\"noindex\">",
        Failure::Redirect => "<meta http-equiv=\"refresh\" content=\"0;url=/elsewhere\">",
        Failure::Error | Failure::Panic | Failure::Timeout => "",
    }
}

/// Where redirects lead.
pub const ELSEWHERE: &str = "/elsewhere";

/// The page around `head` and `body`.
pub fn document(head: &Markup, body: String, unclosed: bool) -> Markup {
    let (open, close) = ("<!DOCTYPE html><html lang=\"en\">", "</body></html>");
    let close = if unclosed { "" } else { close };
    html! {
        (PreEscaped(open)) head { meta charset="utf-8"; (head) } (PreEscaped("<body>"))
        (PreEscaped(body)) (PreEscaped(close))
    }
}
