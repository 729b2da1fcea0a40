//! The airlines compared: rows of a table, whose boundary stands directly in `<tbody>`.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::queries::{Subset, short_airline};
use crate::ui::number::{decimal, minutes, percent, thousands};

pub(crate) const CELLS: [&str; 5] = ["", "number wide", "share wide", "number", "number"];

/// The table around the rows.
pub(crate) fn table(caption: &str, rows: &Markup) -> Markup {
    html! {
        table {
            caption.unseen { (caption) }
            thead {
                tr {
                    th scope="col" { "Carrier" }
                    th.number.wide scope="col" { "Flights" }
                    th.share.wide scope="col" { span.unseen { "On time, as a bar" } }
                    th.number scope="col" { "On time" }
                    th.number scope="col" { "Min late" }
                }
            }
            tbody { (rows) }
        }
    }
}

/// The rows of the airlines with the most flights.
pub(crate) async fn carriers(db: Db, subset: Subset, limit: u8) -> Result {
    let carriers = db.largest_carriers(subset, limit).await?;
    Ok(html! {
        @for carrier in &carriers {
            @let on_time = percent(carrier.on_time, carrier.arrivals);
            tr {
                th scope="row" {
                    a href=(href::airlines::carrier(&carrier.code)) { (short_airline(&carrier.name)) }
                }
                td.number.wide { (thousands(carrier.flights)) }
                td.share.wide {
                    svg aria-hidden="true" width="100%" height="8" {
                        rect.track width="100%" height="8" rx="3" {}
                        rect.bar width={ (decimal(on_time, 1)) "%" } height="8" rx="3" {}
                    }
                }
                td.number { (decimal(on_time, 1)) " %" }
                td.number { (minutes(carrier.mean_delay)) }
            }
        }
    })
}
