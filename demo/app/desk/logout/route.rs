//! Ends the session.

use anabranch::prelude::*;
use axum::Extension;

use crate::app::href;
use crate::db::Db;
use crate::desk::Session;

/// Deletes the session, and the cookie that stood for it.
pub async fn post(
    State(db): State<Db>,
    Extension(session): Extension<Session>,
    parts: ResponseParts,
) -> RouteResult<SeeOther> {
    parts.add_cookie(db.end_session(session).await?)?;
    Ok(see_other(href::desk::login()))
}
