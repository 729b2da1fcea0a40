//! Deletes a note.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;

/// Deletes the note and shows its flight, or the desk if somebody was faster.
pub async fn post(State(db): State<Db>, Path(id): Path<i64>) -> RouteResult<SeeOther> {
    Ok(see_other(match db.delete_note(id).await? {
        Some(flight) => href::desk::flights::id(flight),
        None => href::desk(),
    }))
}
