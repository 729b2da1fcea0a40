//! Card: the busiest routes. Each airport is a boundary of its own, all in one `<tbody>`.

use anabranch::prelude::*;

use super::number::{decimal, thousands};
use super::{Context, view};
use crate::queries::{Origin, Route};

/// Rows of the table, shared by the airports that are shown.
const ROWS: u8 = 9;
const CELLS: [&str; 4] = ["code", "", "number", "number"];

pub(super) fn card(at: &Context) -> Markup {
    let (origins, rows) = match &at.origin {
        Some(origin) => (std::slice::from_ref(origin), ROWS),
        None => (&Origin::ALL[..], ROWS / 3),
    };
    html! {
        section.card.less aria-labelledby="routes" {
            h2 #routes { "The busiest routes" }
            p.about { "And how late they arrive" }
            table {
                caption.unseen { "Routes with the most flights" }
                thead {
                    tr {
                        th.code scope="col" { "From" }
                        th scope="col" { "To" }
                        th.number scope="col" { "Flights" }
                        th.number scope="col" { "Min late" }
                    }
                }
                tbody {
                    @for &origin in origins {
                        (at.part(part_name(origin), routes(at.clone(), origin, rows))
                            .loading(move || view::loading_rows(rows.into(), &CELLS, "routes"))
                            .error(move |error| view::failed_rows(rows.into(), error)))
                    }
                }
            }
        }
    }
}

async fn routes(at: Context, origin: Origin, rows: u8) -> Result {
    let routes = at.db.busiest_routes(origin, rows).await?;
    Ok(html! {
        @for route in &routes {
            tr {
                td.code { (origin.code()) }
                th scope="row" { (place(route)) }
                td.number { (thousands(route.flights)) }
                td.number { (decimal(route.mean_delay, 1)) }
            }
        }
    })
}

/// The name without what all airports are called, or the code where the data has no name.
fn place(route: &Route) -> &str {
    let name = route.name.as_ref().unwrap_or(&route.dest);
    name.trim_end_matches(" Intl")
}

fn part_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Ewr => "routes from Newark",
        Origin::Jfk => "routes from Kennedy",
        Origin::Lga => "routes from LaGuardia",
    }
}
