//! Changes a note.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::desk::note::{self, NoteForm};

/// Saves the note and shows its flight, or shows what is wrong with it.
pub async fn post(
    State(db): State<Db>,
    Path(id): Path<i64>,
    Form(sent, form): Form<NoteForm>,
) -> RouteResult<SeeOther> {
    let draft = note::check(&sent, form)?;
    let flight = db.edit_note(id, draft).await?.or_not_found()?;
    Ok(see_other(href::desk::flights::id(flight)))
}
