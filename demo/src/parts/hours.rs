//! How late flights leave, by the hour of the day.

use anabranch::prelude::*;

use crate::db::Db;
use crate::queries::{Hour, Subset};
use crate::ui::chart::{self, Item};
use crate::ui::number::{count, decimal};

pub(crate) async fn hours(db: Db, subset: Subset) -> Result {
    let hours = db.hours(subset).await?;
    let by_delay = |a: &&Hour, b: &&Hour| a.mean_delay.total_cmp(&b.mean_delay);
    let (Some(best), Some(worst)) = (hours.iter().min_by(by_delay), hours.iter().max_by(by_delay))
    else {
        return Ok(html! { div.tall.failed { p { "No flight left." } } });
    };
    let summary = format!(
        "Mean departure delay by hour: {} minutes at {}:00, {} at {}:00",
        decimal(best.mean_delay, 1),
        best.hour,
        decimal(worst.mean_delay, 1),
        worst.hour,
    );
    let items: Vec<_> = hours
        .iter()
        .map(|hour| Item {
            label: hour.hour.to_string(),
            value: hour.mean_delay,
            detail: format!(
                "{}:00: {} minutes, {}",
                hour.hour,
                decimal(hour.mean_delay, 1),
                count(hour.flights, "flight", "flights"),
            ),
        })
        .collect();
    Ok(html! {
        div.tall {
            (chart::columns(&summary, &items))
            p.note elementtiming="hours" {
                "Best at " strong { (best.hour) ":00" } ", worst at " strong { (worst.hour) ":00" }
                ", on average."
            }
        }
    })
}
