//! Card: the year in six numbers.

use anabranch::prelude::*;

use super::number::{decimal, percent, thousands};
use super::{Context, view};

const LABELS: [&str; 6] = [
    "flights planned",
    "arrived on time",
    "average delay",
    "cancelled",
    "destinations",
    "planes seen",
];

pub(super) fn card(at: &Context) -> Markup {
    html! {
        section aria-labelledby="totals" {
            h2 #totals .unseen { "The year in six numbers" }
            (at.part("totals", totals(at.clone()))
                .loading(loading)
                .error(|error| view::failed_block("totals", error)))
        }
    }
}

async fn totals(at: Context) -> Result {
    let year = at.db.totals(at.origin).await?;
    let on_time = decimal(percent(year.on_time, year.arrivals), 1);
    let values = [
        html! { (thousands(year.flights)) },
        html! { (on_time) small { " %" } },
        html! { (decimal(year.mean_delay, 1)) small { " min" } },
        html! { (thousands(year.cancelled)) },
        html! { (thousands(year.destinations)) },
        html! { (thousands(year.planes)) },
    ];
    Ok(html! {
        dl.totals {
            @for (label, value) in LABELS.iter().zip(values) {
                div { dt { (label) } dd { (value) } }
            }
        }
    })
}

fn loading() -> Markup {
    html! {
        dl.totals aria-busy="true" {
            @for label in LABELS {
                div { dt { (label) } dd { span.unseen { "Loading…" } span.bone {} } }
            }
        }
    }
}
