//! The guard of the desk: whoever has no session is sent to the login, wherever they wanted to go.
//!
//! It runs for every path under `/desk`, those included that do not exist, and lets exactly one
//! pass without a session: the login itself.

use anabranch::prelude::*;
use axum::http::header;

use crate::app::href;
use crate::db::Db;

/// Lets a request with a session pass, and tells what follows whose session it is.
pub async fn handle(
    State(db): State<Db>,
    path: CurrentPath,
    parts: ResponseParts,
    mut request: Request,
) -> Result<Request> {
    // What the desk shows is for one person, and for this moment.
    parts.insert_header(header::CACHE_CONTROL, "no-store")?;
    let login = href::desk::login();
    if path.is(&login) {
        return Ok(request);
    }
    let Some(session) = db.session(request.headers()).await? else {
        // A form is sent to the page that shows it, so this leads back to the page; where there is
        // none, the login leads to the desk.
        return Err(redirect(match request.uri().path_and_query() {
            Some(wanted) => login.query("next", wanted),
            None => login,
        }));
    };
    request.extensions_mut().insert(session);
    Ok(request)
}
