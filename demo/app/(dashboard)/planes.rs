//! Card: whether old planes are late planes.

use anabranch::prelude::*;

use super::Context;
use crate::ui::card;
use crate::ui::chart::{self, Item};
use crate::ui::number::{minutes, thousands};
use crate::ui::view;

pub(super) fn card(at: &Context) -> Markup {
    let part = at.part("planes by age", planes(at.clone()));
    card::card(
        "planes",
        "most",
        "Old planes are not late planes",
        "Mean minutes late, by age of the plane in years",
        &html! { (view::block(part, "tall", "the planes by age")) },
    )
}

async fn planes(at: Context) -> Result {
    let groups = at.db.planes_by_age(at.subset()).await?;
    let items: Vec<_> = groups
        .iter()
        .map(|group| Item {
            label: group.years(),
            value: group.mean_delay.unwrap_or_default(),
            detail: format!(
                "{} years: {} planes, {} flights, {} minutes late",
                group.years(),
                thousands(group.planes),
                thousands(group.flights),
                minutes(group.mean_delay)
            ),
        })
        .collect();
    let known: u32 = groups.iter().map(|group| group.planes).sum();
    Ok(html! {
        div.tall {
            (chart::columns("Mean departure delay by age of the plane", &items))
            p.note {
                "The age of " strong { (thousands(known)) } " planes is known, from the registry."
            }
        }
    })
}
