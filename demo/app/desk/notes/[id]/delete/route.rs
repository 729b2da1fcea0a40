//! Deletes a note.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;

/// Deletes the note and shows its flight.
pub async fn post(State(db): State<Db>, Path(id): Path<i64>) -> RouteResult<SeeOther> {
    let flight = db.delete_note(id).await?.or_not_found()?;
    Ok(see_other(href::desk::flights::id(flight)))
}
