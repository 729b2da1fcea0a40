//! All airlines, compared.

use anabranch::prelude::*;

use crate::db::Db;
use crate::parts::carriers;
use crate::queries::Subset;
use crate::ui::view;

/// How many airlines the data has.
const AIRLINES: u8 = 16;

/// The title.
pub async fn head() -> Result<Head> {
    Ok(Head::title("Airlines – a year of flights from New York"))
}

/// The heading, and rows that come late.
pub async fn render(State(db): State<Db>) -> Result {
    let rows = carriers::carriers(db, Subset::All, AIRLINES);
    let part = boundary(rows).name("airlines");
    let rows = view::rows(part, AIRLINES, &carriers::CELLS, "the airlines");
    Ok(html! {
        div.top {
            h1 { "Airlines" }
            p { "Who flew from New York in 2013. On time is less than 15 minutes late." }
        }
        section.card aria-label="Airlines" {
            (carriers::table("Punctuality of the airlines", &html! { (rows) }))
        }
    })
}
