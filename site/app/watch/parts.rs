//! What waits behind the gates: a harbour's day.

use anabranch::prelude::*;

use crate::app::href;
use crate::watch::{ENTRY, FERRIES, Gate, LEVEL, LOG, PATIENCE, Visit, WEATHER};

/// Metres above chart datum, every two hours.
const LEVELS: [f32; 13] = [
    1.2, 0.7, 0.9, 1.8, 3.0, 3.9, 4.1, 3.4, 2.2, 1.1, 0.6, 1.0, 2.0,
];

/// The frames of all parts, with loading views in them.
pub(super) fn parts(visit: &Visit) -> Markup {
    html! {
        div.cards {
            (card(LEVEL, "tall", &html! { (block(visit, LEVEL, |_| level())) }))
            (card(LOG, "tall", &html! { (block(visit, LOG, log)) }))
            (card(FERRIES, "", &ferries_table(visit)))
            (card(WEATHER, "", &html! { (block(visit, WEATHER, |_| weather())) }))
        }
    }
}

fn card(gate: Gate, class: &str, content: &Markup) -> Markup {
    html! { div class={ "card " (class) } { h3 { (gate.title) } (content) } }
}

/// A part that is a block of its own.
fn block(visit: &Visit, gate: Gate, content: fn(&Visit) -> Markup) -> Boundary {
    behind(visit, gate, content)
        .loading(move || html! { p.loading { "Waits for its gate" } })
        .error(|error| html! { p.failed data-error=(error.id()) { (sorry(error)) } })
}

/// A part that is there when its gate is open.
fn behind(visit: &Visit, gate: Gate, content: fn(&Visit) -> Markup) -> Boundary {
    let visit = visit.clone();
    let part = async move {
        visit.pass(&gate).await;
        // Here, so that a boundary in it belongs to this part.
        Ok(content(&visit))
    };
    boundary(part).name(gate.name).deadline(PATIENCE)
}

fn sorry(error: &Error) -> Markup {
    html! {
        @if error.is_timeout() {
            "Nobody opened this gate in time, so its deadline has passed. "
        } @else {
            "This part has failed; the log knows why, under " code { (error.id()) } ". "
        }
        a href=(href::watch()) { "Start again" }
    }
}

fn level() -> Markup {
    let points = LEVELS.iter().zip(0u8..);
    let points = points.map(|(level, at)| {
        let (x, y) = (u32::from(at) * 20, 80.0 - level * 16.0);
        format!("{x},{y:.0}")
    });
    let points: Vec<_> = points.collect();
    html! {
        div #(LEVEL.name) .level {
            p { strong { "3.4 m" } " and falling; high water was 4.1 m at noon." }
            svg role="img" aria-label="The level over the day: low at two, high at noon" viewBox="0 0 240 84" {
                polyline points=(points.join(" ")) {}
            }
        }
    }
}

fn ferries_table(visit: &Visit) -> Markup {
    let rows = behind(visit, FERRIES, |_| ferries())
        .loading(|| html! {
            tr { td.loading colspan="3" { "Waits for its gate" } }
            tr aria-hidden="true" { td colspan="3" { "\u{a0}" } }
        })
        .error(|error| html! { tr { td.failed colspan="3" data-error=(error.id()) { (sorry(error)) } } });
    html! {
        table {
            caption.unseen { "The next ferries" }
            thead { tr { th scope="col" { "Ship" } th scope="col" { "Leaves" } th scope="col" { "Is" } } }
            tbody { (rows) }
        }
    }
}

fn ferries() -> Markup {
    html! {
        tr #(FERRIES.name) { th scope="row" { "Amelia" } td { "14:05" } td { "on time" } }
        tr { th scope="row" { "Grace" } td { "14:40" } td { "10 minutes late" } }
    }
}

fn weather() -> Markup {
    html! {
        p #(WEATHER.name) { strong { "16 °C" } ", wind from the south-west, 4 Beaufort. Rain from six." }
    }
}

/// A part with a part inside.
fn log(visit: &Visit) -> Markup {
    html! {
        div #(LOG.name) {
            p { "Three arrivals, two departures, one seal on the slipway." }
            (block(visit, ENTRY, |_| entry()))
        }
    }
}

fn entry() -> Markup {
    html! {
        blockquote #(ENTRY.name) { p { "13:52. Pilot away to the " em { "Ada" } ". She draws 7 m." } }
    }
}
