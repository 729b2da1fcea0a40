//! The year of an airline.

use anabranch::prelude::*;

use crate::app::href;
use crate::db::Db;
use crate::parts::{hours, months, routes, totals};
use crate::queries::{Airline, Subset};
use crate::ui::card::card;
use crate::ui::number::thousands;
use crate::ui::view;

const ROUTES: u8 = 8;
const PLANES: u8 = 8;
const PLANE_CELLS: [&str; 5] = ["", "wide", "number wide", "number", "number"];

fn airline(cache: &RequestCache, db: &Db, code: &str) -> Shared<Airline> {
    let (db, code) = (db.clone(), code.to_owned());
    cache.share("airline", || async move {
        db.airline(code).await?.or_not_found()
    })
}

/// The name of the airline; an unknown code is not found.
pub async fn head(
    State(db): State<Db>,
    Path(code): Path<String>,
    cache: RequestCache,
) -> Result<Head> {
    let airline = airline(&cache, &db, &code).await?;
    let name = airline.short_name();
    Ok(Head::title(format!(
        "{name} – a year of flights from New York"
    )))
}

/// The heading, and cards that come late.
pub async fn render(State(db): State<Db>, Path(code): Path<String>, cache: RequestCache) -> Result {
    let airline = airline(&cache, &db, &code).await?;
    let flights = Subset::Carrier(code);
    Ok(html! {
        div.top {
            p.trail { a href=(href::airlines()) { "Airlines" } }
            h1 { (airline.short_name()) " " small { (airline.code) } }
            p { "Every flight of 2013 by " (airline.name) @if !airline.name.ends_with('.') { "." } }
        }
        div.grid {
            section aria-labelledby="totals" {
                h2 #totals .unseen { "The year in six numbers" }
                (totals::views(
                    boundary(sums(db.clone(), flights.clone())).name("totals"),
                    totals::Last::Reach,
                ))
            }
            (months_card(&db, &flights))
            (hours_card(&db, &flights))
            (planes_card(&db, &flights))
            (routes_card(&db, &flights))
        }
    })
}

async fn sums(db: Db, flights: Subset) -> Result {
    Ok(totals::totals(
        &db.totals(flights).await?,
        totals::Last::Reach,
    ))
}

fn months_card(db: &Db, flights: &Subset) -> Markup {
    let part = boundary(months::months(db.clone(), flights.clone())).name("months");
    card(
        "months",
        "less",
        "Month by month",
        "Flights in the timetable",
        &html! { (view::block(part, "tall", "the months")) },
    )
}

fn hours_card(db: &Db, flights: &Subset) -> Markup {
    let part = boundary(hours::hours(db.clone(), flights.clone())).name("hours");
    card(
        "hours",
        "most",
        "Delays by the hour",
        "Mean minutes late, by planned hour of departure",
        &html! { (view::block(part, "tall", "the delays by hour")) },
    )
}

fn routes_card(db: &Db, flights: &Subset) -> Markup {
    let rows = routes::routes(db.clone(), flights.clone(), ROUTES);
    let part = boundary(rows).name("routes");
    let rows = view::rows(part, ROUTES, &routes::CELLS, "the routes");
    card(
        "routes",
        "less",
        "The busiest routes",
        "And how late they arrive",
        &routes::table("Routes with the most flights", &html! { (rows) }),
    )
}

fn planes_card(db: &Db, flights: &Subset) -> Markup {
    let part = boundary(planes(db.clone(), flights.clone())).name("planes");
    let rows = view::rows(part, PLANES, &PLANE_CELLS, "the planes");
    card(
        "planes",
        "most",
        "The busiest planes",
        "Those seen in New York most often",
        &html! {
            table {
                caption.unseen { "Planes with the most flights" }
                thead {
                    tr {
                        th scope="col" { "Plane" }
                        th.wide scope="col" { "Model" }
                        th.number.wide scope="col" { "Built" }
                        th.number scope="col" { "Flights" }
                        th.number scope="col" { "Miles" }
                    }
                }
                tbody { (rows) }
            }
        },
    )
}

async fn planes(db: Db, flights: Subset) -> Result {
    let planes = db.busiest_planes(flights, PLANES).await?;
    Ok(html! {
        @for plane in &planes {
            tr {
                th scope="row" { a href=(href::planes::tailnum(&plane.tailnum)) { (plane.tailnum) } }
                td.wide { (plane.model.as_deref().unwrap_or("–")) }
                td.number.wide {
                    @match plane.year { Some(year) => (year), None => "–" }
                }
                td.number { (thousands(plane.flights)) }
                td.number { (thousands(plane.miles)) }
            }
        }
    })
}
