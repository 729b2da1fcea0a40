//! A page whose visitor decides what arrives when: each part waits for a gate.
//!
//! No script is needed. A gate is a form whose answer is nothing, sent from a frame that nobody
//! sees, so that the page around it stays as it is, with its response still open.
//!
//! # Layout
//! * here: the page, the gates, and the timeline
//! * `parts`: what waits behind the gates

mod parts;

use anabranch::prelude::*;
use axum::Extension;

use crate::app::href;
use crate::ui::top;
use crate::watch::{GATES, Gate, PATIENCE, Visit};

/// The title.
pub async fn head() -> Result<Head> {
    Ok(Head::title("Watch it stream – Anabranch")
        .link("canonical", href::watch().as_ref())
        .meta(
            "description",
            "Open the gates of a page in any order, and watch its parts arrive in one response.",
        ))
}

/// The page, with its parts on one side and their gates on the other.
pub async fn render(Extension(visit): Extension<Visit>) -> Result {
    Ok(html! {
        div.plain.watch {
            (top("Watch it stream", &html! {
                "This page has arrived, and its response is still open. Five parts of it wait, each "
                "for a gate. Open them in any order: each part then leaves in the same response, and "
                "your browser puts it where it belongs. There is no script of this page’s own."
            }))
            div.bench {
                section.gates aria-labelledby="gates" {
                    h2 #gates { "The gates" }
                    @if visit.id().is_empty() { (all_open()) } @else { (gates(&visit)) }
                }
                section.stage aria-labelledby="stage" aria-live="polite" {
                    h2 #stage { "The harbour today" }
                    (parts::parts(&visit))
                }
                @if !visit.id().is_empty() {
                    section.record aria-labelledby="record" {
                        h2 #record { "What left when" }
                        iframe src=(href::watch::id::timeline(visit.id())) title="What left when" {}
                        p.note {
                            "Frames of this response, with their bytes before compression. "
                            "The list is a streamed page, too: each line is a boundary at the end of "
                            "the line before."
                        }
                    }
                }
            }
            (explanation())
        }
    })
}

fn gates(visit: &Visit) -> Markup {
    html! {
        ul {
            @for gate in &GATES { li { (form(visit, gate)) } }
            li {
                form method="post" action=(href::watch::id::gate(visit.id(), "all")) target="hands" {
                    button.all { "Open all" }
                }
            }
        }
        p.note {
            "Without a visitor a gate waits for " (PATIENCE.as_secs()) " seconds. "
            a href=(href::watch()) { "Start again" }
        }
        iframe.hands name="hands" title="Where the answers of the gates go" hidden {}
    }
}

/// The button stays where it is, with what it says decided by the style: the part, once it is in
/// the document, has the gate's name for its id.
fn form(visit: &Visit, gate: &Gate) -> Markup {
    html! {
        form.gate data-gate=(gate.name) method="post" target="hands"
            action=(href::watch::id::gate(visit.id(), gate.name)) {
            button {
                span.name { (gate.title) }
                span.closed { "Open" }
                span.opened { "Arrived" }
            }
        }
    }
}

fn all_open() -> Markup {
    html! {
        p.note {
            "They are all open. This page was sent in one piece, because its reader takes no "
            "streams, or because too many others are watching just now. "
            a href=(href::watch()) { "Try again" }
        }
    }
}

fn explanation() -> Markup {
    html! {
        section.prose aria-labelledby="what" {
            h2 #what { "What to try" }
            ul {
                li {
                    strong { "Latest entry before Harbour log. " }
                    "The entry is a boundary inside of the log. It is ready, and cannot leave before "
                    "the place that it belongs to: it arrives with its parent, in one frame."
                }
                li {
                    strong { "Ferries. " }
                    "Two rows of a table, directly in its " code { "tbody" } ": no element wraps a boundary."
                }
                li {
                    strong { "Nothing at all. " }
                    "After " (PATIENCE.as_secs()) " seconds the deadline of each part passes, and its "
                    "error view takes its place. No response stays open for ever."
                }
                li {
                    strong { "JavaScript off. " }
                    "Where the browser has the HTML standard’s " code { "<template for>" }
                    ", everything here works as before. Other browsers swap with the bridge, a "
                    "script of at most 900 bytes that Anabranch sends."
                }
            }
            p {
                "How it is written: " a href=(href::guide::chapter("boundaries")) { "streaming and boundaries" }
                ". What the bytes are: " a href=(href::guide::chapter("wire")) { "the wire" } "."
            }
        }
    }
}
