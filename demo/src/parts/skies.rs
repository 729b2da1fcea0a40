//! What the weather does to departures.

use anabranch::prelude::*;

use crate::db::Db;
use crate::queries::Subset;
use crate::ui::chart::{self, Item};
use crate::ui::number::{decimal, percent, thousands};

pub(crate) async fn skies(db: Db, subset: Subset) -> Result {
    let skies = db.skies(subset).await?;
    let items: Vec<_> = skies
        .iter()
        .map(|sky| Item {
            label: sky.name.clone(),
            value: sky.mean_delay.unwrap_or_default(),
            detail: match sky.mean_delay {
                Some(delay) => format!(
                    "{} min, {} % cancelled",
                    decimal(delay, 0),
                    decimal(percent(sky.cancelled, sky.flights), 1)
                ),
                None => "all cancelled".to_owned(),
            },
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
            p.note elementtiming="weather" {
                @if let Some(fair) = fair {
                    "Most flights leave under a fair sky: " strong { (thousands(fair.flights)) }
                    " of them."
                }
            }
        }
    })
}
