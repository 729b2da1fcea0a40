//! Card: how the delays grow over the day.

use anabranch::prelude::*;

use super::chart::{self, Item};
use super::number::{decimal, thousands};
use super::{Context, view};

pub(super) fn card(at: &Context) -> Markup {
    html! {
        section.card.most aria-labelledby="hours" {
            h2 #hours { "Delays grow with the day" }
            p.about { "Mean minutes late, by planned hour of departure" }
            (at.part("delays by hour", hours(at.clone()))
                .loading(|| view::loading_block("tall", "the delays by hour"))
                .error(|error| view::failed_block("tall", error)))
        }
    }
}

async fn hours(at: Context) -> Result {
    let hours = at.db.hours(at.origin).await?;
    let by_delay = |a: &&_, b: &&_| delay(a).total_cmp(&delay(b));
    let (Some(best), Some(worst)) = (hours.iter().min_by(by_delay), hours.iter().max_by(by_delay))
    else {
        return Err(Error::msg("no flight left"));
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
                "{}:00: {} minutes, {} flights",
                hour.hour,
                decimal(hour.mean_delay, 1),
                thousands(hour.flights)
            ),
        })
        .collect();
    Ok(html! {
        div.tall {
            (chart::columns(&summary, &items))
            p.note {
                "Best at " strong { (best.hour) ":00" } ", worst at " strong { (worst.hour) ":00" }
                ", on average over the year."
            }
        }
    })
}

fn delay(hour: &crate::queries::Hour) -> f64 {
    hour.mean_delay
}
