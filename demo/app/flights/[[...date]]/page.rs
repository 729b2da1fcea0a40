//! The days: `/flights` is the year, `/flights/2013-07-04` a day. A date that does not exist is
//! not found, because it is no [`Date`].
//!
//! # Layout
//! * here: which of the two it is
//! * `year`: twelve months of links
//! * `day`: one day, with its flights

mod day;
mod year;

use anabranch::prelude::*;
use serde::Deserialize;

use crate::app::href;
use crate::date::Date;
use crate::db::Db;

/// The query string of a day: after which flight its list goes on.
#[derive(Debug, Deserialize)]
pub struct List {
    after: Option<u32>,
}

/// The title; `/flights/2013/07/04`, which is a date as well, leads to its one address.
pub async fn head(Path(date): Path<Option<Date>>, path: CurrentPath) -> Result<Head> {
    let Some(date) = date else {
        return Ok(Head::title("Day by day – a year of flights from New York"));
    };
    let address = href::flights::date([date.iso()]);
    if !path.is(&address) {
        return Err(redirect(address));
    }
    let title = format!("{} – flights from New York", date.long());
    Ok(Head::title(title).link("canonical", address.as_ref()))
}

/// The year, or a day of it.
pub async fn render(
    State(db): State<Db>,
    Path(date): Path<Option<Date>>,
    Query(list): Query<List>,
) -> Result {
    match date {
        None => Ok(year::year(db)),
        Some(date) => day::day(db, date, list.after).await,
    }
}
