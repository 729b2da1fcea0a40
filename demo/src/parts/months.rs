//! How many flights there are in each month.

use anabranch::prelude::*;

use crate::date::Date;
use crate::db::Db;
use crate::queries::Subset;
use crate::ui::chart::{self, Item};
use crate::ui::number::{count, minutes};

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
                detail: format!(
                    "{}: {}, {} minutes late on average",
                    first.month_name(),
                    count(flights, "flight", "flights"),
                    minutes(delay)
                ),
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
