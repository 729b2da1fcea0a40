//! The busiest routes: rows of a table, whose boundary stands directly in `<tbody>`.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::queries::{Subset, short_airport};
use crate::ui::number::{minutes, thousands};

pub(crate) const CELLS: [&str; 4] = ["code", "", "number", "number"];

/// The table around the rows.
pub(crate) fn table(caption: &str, rows: &Markup) -> Markup {
    html! {
        table {
            caption.unseen { (caption) }
            thead {
                tr {
                    th.code scope="col" { "From" }
                    th scope="col" { "To" }
                    th.number scope="col" { "Flights" }
                    th.number scope="col" { "Min late" }
                }
            }
            tbody { (rows) }
        }
    }
}

/// The rows of the routes with the most flights.
pub(crate) async fn routes(db: Db, subset: Subset, limit: u8) -> Result {
    let routes = db.busiest_routes(subset, limit).await?;
    Ok(html! {
        @for route in &routes {
            tr {
                td.code { a href=(href::airports::code(&route.origin)) { (route.origin) } }
                th scope="row" {
                    a href=(href::airports::code(&route.dest)) {
                        (short_airport(&route.dest, route.name.as_deref()))
                    }
                }
                td.number { (thousands(route.flights)) }
                td.number { (minutes(route.mean_delay)) }
            }
        }
    })
}
