//! Card: the airlines compared. Its boundary stands directly in `<tbody>`.

use anabranch::prelude::*;

use super::number::{decimal, percent, thousands};
use super::{Context, view};

const ROWS: u8 = 9;
const CELLS: [&str; 5] = ["", "number wide", "share wide", "number", "number"];

pub(super) fn card(at: &Context) -> Markup {
    html! {
        section.card.most aria-labelledby="carriers" {
            h2 #carriers { "Carriers compared" }
            p.about { "The nine with the most flights; on time is less than 15 minutes late" }
            table {
                caption.unseen { "Punctuality of the largest carriers" }
                thead {
                    tr {
                        th scope="col" { "Carrier" }
                        th.number.wide scope="col" { "Flights" }
                        th.share.wide scope="col" { span.unseen { "On time, as a bar" } }
                        th.number scope="col" { "On time" }
                        th.number scope="col" { "Min late" }
                    }
                }
                tbody {
                    (at.part("carriers", carriers(at.clone()))
                        .loading(|| view::loading_rows(ROWS.into(), &CELLS, "the carriers"))
                        .error(|error| view::failed_rows(ROWS.into(), error)))
                }
            }
        }
    }
}

async fn carriers(at: Context) -> Result {
    let carriers = at.db.largest_carriers(at.origin, ROWS).await?;
    Ok(html! {
        @for carrier in &carriers {
            @let on_time = percent(carrier.on_time, carrier.arrivals);
            tr {
                th scope="row" { (short(&carrier.name)) }
                td.number.wide { (thousands(carrier.flights)) }
                td.share.wide {
                    svg aria-hidden="true" width="100%" height="8" {
                        rect.track width="100%" height="8" rx="3" {}
                        rect.bar width={ (decimal(on_time, 1)) "%" } height="8" rx="3" {}
                    }
                }
                td.number { (decimal(on_time, 1)) " %" }
                td.number { (decimal(carrier.mean_delay, 1)) }
            }
        }
    })
}

/// The name without its legal form.
fn short(name: &str) -> &str {
    name.trim_end_matches(" Inc.").trim_end_matches(" Co.")
}
