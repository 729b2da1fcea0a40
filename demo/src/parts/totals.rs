//! A subset of the flights in six numbers.

use anabranch::prelude::*;

use crate::queries::Totals;
use crate::ui::number::{decimal, percent, thousands};
use crate::ui::view;

/// The last two numbers, which differ from page to page.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Last {
    /// Destinations and planes.
    Reach,
    /// Airlines and planes.
    Airlines,
    /// Destinations and miles.
    Miles,
}

impl Last {
    fn labels(self) -> [&'static str; 2] {
        match self {
            Self::Reach => ["destinations", "planes seen"],
            Self::Airlines => ["airlines", "planes seen"],
            Self::Miles => ["destinations", "miles flown"],
        }
    }

    fn values(self, totals: &Totals) -> [u32; 2] {
        match self {
            Self::Reach => [totals.destinations, totals.planes],
            Self::Airlines => [totals.carriers, totals.planes],
            Self::Miles => [totals.destinations, totals.miles],
        }
    }
}

const LABELS: [&str; 4] = [
    "flights planned",
    "arrived on time",
    "average delay",
    "cancelled",
];

pub(crate) fn totals(totals: &Totals, last: Last) -> Markup {
    let on_time = decimal(percent(totals.on_time, totals.arrivals), 1);
    let [fifth, sixth] = last.values(totals);
    let delay = totals.mean_delay.map(|delay| decimal(delay, 1));
    let values = [
        html! { (thousands(totals.flights)) },
        html! { (on_time) small { " %" } },
        html! { @if let Some(delay) = delay { (delay) small { " min" } } @else { "–" } },
        html! { (thousands(totals.cancelled)) },
        html! { (thousands(fifth)) },
        html! { (thousands(sixth)) },
    ];
    html! {
        dl.totals {
            @for (label, value) in labels(last).zip(values) {
                div { dt { (label) } dd elementtiming="totals" { (value) } }
            }
        }
    }
}

pub(crate) fn loading(last: Last) -> Markup {
    html! {
        dl.totals aria-busy="true" {
            @for label in labels(last) {
                div { dt { (label) } dd { span.unseen { "Loading…" } span.bone {} } }
            }
        }
    }
}

/// A boundary whose content are totals.
pub(crate) fn views(part: Boundary, last: Last) -> Boundary {
    part.loading(move || loading(last))
        .error(|error| view::failed_block("totals", error))
}

fn labels(last: Last) -> impl Iterator<Item = &'static str> {
    LABELS.into_iter().chain(last.labels())
}
