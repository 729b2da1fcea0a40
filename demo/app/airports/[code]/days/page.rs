//! The days of an airport: its calendar, and its worst days.

use anabranch::prelude::*;

use crate::app::airports::code::layout::airport;
use crate::app::href;
use crate::db::Db;
use crate::parts::calendar;
use crate::queries::{Day, Subset};
use crate::ui::card::card;
use crate::ui::number::{minutes, thousands};

/// How many of the worst days are listed.
const WORST: usize = 12;

/// The title says which of the airport's pages this is.
pub async fn head(
    State(db): State<Db>,
    Path(code): Path<String>,
    cache: RequestCache,
) -> Result<Head> {
    let airport = airport(&cache, &db, &code).await?;
    let name = airport.short_name();
    Ok(Head::title(format!(
        "{name}, day by day – a year of flights"
    )))
}

/// One query, behind the loading view of this segment.
pub async fn render(State(db): State<Db>, Path(code): Path<String>, cache: RequestCache) -> Result {
    airport(&cache, &db, &code).await?;
    let days = db.days(Subset::Airport(code)).await?;
    Ok(cards(&calendar::calendar(&days), &worst(&days)))
}

/// The cards around their content, or around what stands in its place while it loads.
pub(super) fn cards(calendar: &Markup, worst: &Markup) -> Markup {
    html! {
        div.grid {
            (card(
                "calendar",
                "",
                "The year, day by day",
                "Mean minutes late of each day’s departures",
                &calendar::frame(calendar),
            ))
            (card(
                "worst",
                "",
                "The worst days",
                "Those with the longest mean delay at departure",
                worst,
            ))
        }
    }
}

fn worst(days: &[Day]) -> Markup {
    let mut worst: Vec<_> = days.iter().filter(|day| day.mean_delay.is_some()).collect();
    worst.sort_by(|a, b| {
        b.mean_delay
            .partial_cmp(&a.mean_delay)
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    worst.truncate(WORST);
    html! {
        table {
            caption.unseen { "The days with the longest mean delay" }
            thead {
                tr {
                    th scope="col" { "Day" }
                    th.number.wide scope="col" { "Flights" }
                    th.number scope="col" { "Cancelled" }
                    th.number scope="col" { "Min late" }
                }
            }
            tbody {
                @for day in worst {
                    tr {
                        th scope="row" {
                            a href=(href::flights::date([day.date.iso()])) { (day.date) }
                        }
                        td.number.wide { (thousands(day.flights)) }
                        td.number { (thousands(day.cancelled)) }
                        td.number { (minutes(day.mean_delay)) }
                    }
                }
            }
        }
    }
}
