//! Card: whether old planes are late planes.

use anabranch::prelude::*;

use super::chart::{self, Item};
use super::number::{decimal, thousands};
use super::{Context, view};
use crate::queries::AgeGroup;

pub(super) fn card(at: &Context) -> Markup {
    html! {
        section.card.most aria-labelledby="planes" {
            h2 #planes { "Old planes are not late planes" }
            p.about { "Mean minutes late, by age of the plane in years" }
            (at.part("planes by age", planes(at.clone()))
                .loading(|| view::loading_block("tall", "the planes by age"))
                .error(|error| view::failed_block("tall", error)))
        }
    }
}

async fn planes(at: Context) -> Result {
    let groups = at.db.planes_by_age(at.origin).await?;
    let items: Vec<_> = groups
        .iter()
        .map(|group| Item {
            label: years(group),
            value: group.mean_delay,
            detail: format!(
                "{} years: {} planes, {} flights, {} minutes late",
                years(group),
                thousands(group.planes),
                thousands(group.flights),
                decimal(group.mean_delay, 1)
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

fn years(group: &AgeGroup) -> String {
    match group.from {
        from @ 25.. => format!("{from}+"),
        from => format!("{from}–{}", from + 4),
    }
}
