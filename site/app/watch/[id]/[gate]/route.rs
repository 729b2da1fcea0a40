//! Opens a gate of a visit, or `all` of them.

use anabranch::prelude::*;
use axum::http::StatusCode;

use crate::watch::Visits;

/// 204: the form's answer is nothing, and the page that it stands in goes on.
pub async fn post(
    State(visits): State<Visits>,
    Path((id, gate)): Path<(String, String)>,
) -> RouteResult<StatusCode> {
    let visit = visits.find(&id).or_not_found()?;
    if gate == "all" {
        visit.open_all();
    } else {
        visit.open_gate(&gate).then_some(()).or_not_found()?;
    }
    Ok(StatusCode::NO_CONTENT)
}
