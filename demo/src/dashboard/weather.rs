//! Card: what the weather does to departures.

use anabranch::prelude::*;

use super::chart::{self, Item};
use super::number::{decimal, percent, thousands};
use super::{Context, view};

pub(super) fn card(at: &Context) -> Markup {
    html! {
        section.card.less aria-labelledby="weather" {
            h2 #weather { "Weather against delay" }
            p.about { "Mean minutes late, by the weather of that hour" }
            (at.part("weather against delay", skies(at.clone()))
                .loading(|| view::loading_block("tall", "the weather"))
                .error(|error| view::failed_block("tall", error)))
        }
    }
}

async fn skies(at: Context) -> Result {
    let skies = at.db.skies(at.origin).await?;
    let items: Vec<_> = skies
        .iter()
        .map(|sky| Item {
            label: sky.name.clone(),
            value: sky.mean_delay,
            detail: format!(
                "{} min, {} % cancelled",
                decimal(sky.mean_delay, 0),
                decimal(percent(sky.cancelled, sky.flights), 1)
            ),
        })
        .collect();
    let summary = items
        .iter()
        .map(|item| format!("{}: {}", item.label, item.detail))
        .collect::<Vec<_>>()
        .join("; ");
    let fair = skies.iter().find(|sky| sky.name == "Fair");
    Ok(html! {
        div.tall {
            (chart::bars(&summary, &items))
            p.note {
                @if let Some(fair) = fair {
                    "Most flights leave under a fair sky: " strong { (thousands(fair.flights)) }
                    " of them."
                }
            }
        }
    })
}
