//! A flight with its notes, and a form for one more.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::desk::note::{self, NoteForm};
use crate::queries::{Flight, Note};
use crate::ui::card::card;

/// The title; an unknown flight is not found.
pub async fn head(State(db): State<Db>, Path(id): Path<u32>) -> Result<Head> {
    let flight = db.flight(id).await?.or_not_found()?;
    Ok(Head::title(format!(
        "{} on {}",
        flight.name(),
        flight.date.short()
    )))
}

/// The flight, its notes, and the form.
pub async fn render(
    State(db): State<Db>,
    Path(id): Path<u32>,
    form: FormState<NoteForm>,
) -> Result {
    let flight = db.flight(id).await?.or_not_found()?;
    let notes = db.notes_of_flight(id).await?;
    Ok(html! {
        div.top {
            p.trail { a href=(href::desk()) { "The desk" } }
            h1 { (flight.name()) " " small { (flight.date) } }
            p { (about(&flight)) }
        }
        div.grid {
            (card("notes", "most", "Notes", "In the order in which they were written", &list(&notes)))
            (card("add", "less", "Add a note", "Anybody can read it", &html! {
                form.stack method="post" {
                    (note::fields(&form, None))
                    button { "Add the note" }
                }
            }))
        }
    })
}

fn about(flight: &Flight) -> Markup {
    html! {
        a href=(href::airports::code(&flight.origin)) { (flight.origin) }
        " to "
        a href=(href::airports::code(&flight.dest)) { (flight.dest) }
        ", planned for " (flight.planned)
        @match flight.departure {
            Some(time) => { ", left at " (time) ". " },
            None => ", cancelled. ",
        }
        a href=(href::flights::date([flight.date.iso()])) { "All flights of the day" }
    }
}

fn list(notes: &[Note]) -> Markup {
    html! {
        @if notes.is_empty() {
            p.empty { "There are none yet." }
        } @else {
            ul.notes {
                @for note in notes {
                    li {
                        p.about { (note.kind) ", by " (note.author) }
                        p.said { (note.text) }
                        (actions(note))
                    }
                }
            }
        }
    }
}

fn actions(note: &Note) -> Markup {
    let delete = href::desk::notes::id::delete(note.id);
    html! {
        div.actions {
            a href=(href::desk::notes::id(note.id)) { "Edit" }
            form method="post" action=(delete) { button.quiet { "Delete" } }
        }
    }
}
