//! A note, to be edited.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::desk::note::{self, NoteForm};
use crate::queries::Draft;

/// The title; an unknown note is not found.
pub async fn head(State(db): State<Db>, Path(id): Path<i64>) -> Result<Head> {
    let note = db.note(id).await?.or_not_found()?;
    Ok(Head::title(format!("A note about {}", note.flight.name())))
}

/// The form, with the note in it or what was sent in its place.
pub async fn render(
    State(db): State<Db>,
    Path(id): Path<i64>,
    form: FormState<NoteForm>,
) -> Result {
    let note = db.note(id).await?.or_not_found()?;
    let flight = &note.flight;
    let draft = Draft {
        kind: note.kind,
        text: note.text,
    };
    Ok(html! {
        div.top {
            p.trail {
                a href=(href::desk()) { "The desk" } " / "
                a href=(href::desk::flights::id(flight.id)) { (flight.name()) }
            }
            h1 { "Edit a note" }
            p { "About " (flight.name()) " on " (flight.date.long()) ", by " (note.author) "." }
        }
        section.card.narrow aria-label="Edit the note" {
            form.stack method="post" {
                (note::fields(&form, Some(&draft)))
                div.actions {
                    button { "Save" }
                    a href=(href::desk::flights::id(flight.id)) { "Cancel" }
                }
            }
        }
    })
}
