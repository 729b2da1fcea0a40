//! The year of an airport. The page waits for its totals behind the loading view of its segment;
//! each card then waits for its own query.

use anabranch::prelude::*;

use super::layout::airport;
use crate::app::href;
use crate::db::Db;
use crate::parts::{carriers, hours, months, routes, skies, totals};
use crate::queries::{Origin, Subset};
use crate::ui::card::card;
use crate::ui::number::{minutes, thousands};
use crate::ui::view;

const CARRIERS: u8 = 6;
const ROUTES: u8 = 6;
const ORIGINS: u8 = 3;
const ORIGIN_CELLS: [&str; 4] = ["", "number", "number", "number"];

/// The totals, and the cards.
pub async fn render(State(db): State<Db>, Path(code): Path<String>, cache: RequestCache) -> Result {
    // An airport that does not exist costs no count.
    airport(&cache, &db, &code).await?;
    let origin = Origin::from_code(&code);
    let last = match origin {
        Some(_) => totals::Last::Reach,
        None => totals::Last::Airlines,
    };
    let flights = Subset::Airport(code);
    let year = db.totals(flights.clone()).await?;
    Ok(html! {
        div.grid {
            section aria-labelledby="totals" {
                h2 #totals .unseen { "The year in six numbers" }
                (totals::totals(&year, last))
            }
            (hours_card(&db, &flights))
            (weather_card(&db, &flights))
            (carriers_card(&db, &flights))
            (routes_card(&db, &flights, origin))
            (months_card(&db, &flights))
        }
    })
}

fn hours_card(db: &Db, flights: &Subset) -> Markup {
    let part = boundary(hours::hours(db.clone(), flights.clone())).name("hours");
    hours_frame(&html! { (view::block(part, "tall", "the delays by hour")) })
}

/// The card without its content, which the loading view shows as well.
pub(super) fn hours_frame(content: &Markup) -> Markup {
    card(
        "hours",
        "most",
        "Delays by the hour",
        "Mean minutes late, by planned hour of departure in New York",
        content,
    )
}

fn weather_card(db: &Db, flights: &Subset) -> Markup {
    let part = boundary(skies::skies(db.clone(), flights.clone())).name("weather");
    weather_frame(&html! { (view::block(part, "tall", "the weather")) })
}

/// The card without its content, which the loading view shows as well.
pub(super) fn weather_frame(content: &Markup) -> Markup {
    card(
        "weather",
        "less",
        "Weather against delay",
        "Mean minutes late, by the weather in New York then",
        content,
    )
}

fn carriers_card(db: &Db, flights: &Subset) -> Markup {
    let rows = carriers::carriers(db.clone(), flights.clone(), CARRIERS);
    let part = boundary(rows).name("carriers");
    let rows = view::rows(part, CARRIERS, &carriers::CELLS, "the airlines");
    card(
        "carriers",
        "most",
        "Airlines compared",
        "Up to six with the most flights; on time is less than 15 minutes late",
        &carriers::table("Punctuality of the airlines", &html! { (rows) }),
    )
}

/// From an airport of New York, where to; to another one, from where.
fn routes_card(db: &Db, flights: &Subset, origin: Option<Origin>) -> Markup {
    if origin.is_none() {
        let rows = boundary(origins(db.clone(), flights.clone())).name("origins");
        let rows = view::rows(rows, ORIGINS, &ORIGIN_CELLS, "the airports");
        return card(
            "routes",
            "less",
            "From New York",
            "And how late they arrive",
            &origins_table(&html! { (rows) }),
        );
    }
    let rows = routes::routes(db.clone(), flights.clone(), ROUTES);
    let rows = boundary(rows).name("routes");
    let rows = view::rows(rows, ROUTES, &routes::CELLS, "the routes");
    card(
        "routes",
        "less",
        "The busiest routes",
        "And how late they arrive",
        &routes::table("Routes with the most flights", &html! { (rows) }),
    )
}

fn origins_table(rows: &Markup) -> Markup {
    html! {
        table {
            caption.unseen { "Flights from each airport of New York" }
            thead {
                tr {
                    th scope="col" { "From" }
                    th.number scope="col" { "Flights" }
                    th.number scope="col" { "Miles" }
                    th.number scope="col" { "Min late" }
                }
            }
            tbody { (rows) }
        }
    }
}

async fn origins(db: Db, flights: Subset) -> Result {
    let routes = db.busiest_routes(flights, ORIGINS).await?;
    Ok(html! {
        @for route in &routes {
            tr {
                th scope="row" {
                    a href=(href::airports::code(&route.origin)) { (origin_name(&route.origin)) }
                }
                td.number { (thousands(route.flights)) }
                td.number { (thousands(route.distance)) }
                td.number { (minutes(route.mean_delay)) }
            }
        }
    })
}

fn origin_name(code: &str) -> &str {
    Origin::from_code(code).map_or(code, |origin| origin.name())
}

fn months_card(db: &Db, flights: &Subset) -> Markup {
    let part = boundary(months::months(db.clone(), flights.clone())).name("months");
    card(
        "months",
        "",
        "Month by month",
        "Flights in the timetable",
        &html! { (view::block(part, "tall", "the months")) },
    )
}
