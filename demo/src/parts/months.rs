//! How many flights there are in each month.

use anabranch::prelude::*;

use crate::date::Date;
use crate::db::Db;
use crate::queries::Subset;
use crate::ui::chart::{self, Item};
use crate::ui::number::{count, decimal, minutes};

pub(crate) async fn months(db: Db, subset: Subset) -> Result {
    let months = db.months(subset).await?;
    // A month without flights keeps its place.
    let items: Vec<_> = (1..=12)
        .filter_map(|month| Date::new(month, 1))
        .map(|first| {
            let month = months.iter().find(|month| month.month == first.month());
            let flights = month.map_or(0, |month| month.flights);
            let delay = month.and_then(|month| month.mean_delay);
            Item {
                label: first.month_name()[..3].to_owned(),
                value: f64::from(flights),
                detail: detail(first, flights, delay),
            }
        })
        .collect();
    let latest = months
        .iter()
        .filter_map(|month| Some((month.mean_delay?, Date::new(month.month, 1)?)))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    Ok(html! {
        div.tall {
            (chart::columns("Flights planned, by month", &items))
            p.note elementtiming="months" {
                @if let Some((delay, month)) = latest {
                    "Latest in " strong { (month.month_name()) } ", by " (minutes(Some(delay)))
                    " minutes on average."
                }
            }
        }
    })
}

/// What a column says. The mean of no flights is nothing to speak of.
fn detail(month: Date, flights: u32, delay: Option<f64>) -> String {
    let month = month.month_name();
    let flights = count(flights, "flight", "flights");
    match delay {
        Some(delay) => {
            let delay = decimal(delay, 1);
            format!("{month}: {flights}, {delay} minutes late on average")
        }
        None => format!("{month}: {flights}"),
    }
}
