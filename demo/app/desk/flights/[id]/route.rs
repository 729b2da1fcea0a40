//! Adds a note to a flight.

use anabranch::prelude::*;
use axum::Extension;

use crate::app::href;
use crate::db::Db;
use crate::desk::Session;
use crate::desk::note::{self, NoteForm};

/// Adds the note and shows the flight again, or shows what is wrong with the note.
pub async fn post(
    State(db): State<Db>,
    Path(id): Path<u32>,
    Extension(session): Extension<Session>,
    Form(sent, form): Form<NoteForm>,
) -> RouteResult<SeeOther> {
    let flight = db.flight(id).await?.or_not_found()?;
    let draft = note::check(&sent, form)?;
    let author = session.user().to_owned();
    db.add_note(flight.id, author, draft).await?;
    Ok(see_other(href::desk::flights::id(flight.id)))
}
