//! These responses stay open until their visitor has opened all gates, so they may take longer.

use anabranch::prelude::*;

use crate::site::settings;
use crate::watch::LONGEST;

/// Gives the pages below the time.
pub async fn handle(mut request: Request) -> Request {
    let settings = settings().deadline(LONGEST).response_deadline(LONGEST);
    request.extensions_mut().insert(settings);
    request
}
