//! Flights as rows of a table.

use anabranch::prelude::*;

use crate::app::href;
use crate::queries::Flight;
use crate::ui::number::count;

/// A table of flights of one day.
pub(crate) fn table(caption: &str, flights: &[Flight]) -> Markup {
    html! {
        table.flights {
            caption.unseen { (caption) }
            thead {
                tr {
                    th.time scope="col" { "Time" }
                    th.flight scope="col" { "Flight" }
                    th.route scope="col" { "Route" }
                    th.wide scope="col" { "Plane" }
                    th.number scope="col" { "Left" }
                    th.number.wide scope="col" { "Arrived" }
                    th.edit.wide scope="col" { "Notes" }
                }
            }
            tbody {
                @for flight in flights { (row(flight)) }
            }
        }
    }
}

fn row(flight: &Flight) -> Markup {
    let notes = match flight.notes {
        0 => "Add".to_owned(),
        notes => count(notes, "note", "notes"),
    };
    html! {
        tr {
            td.time { (flight.planned) }
            th.flight scope="row" {
                a href=(href::airlines::carrier(&flight.carrier)) { (flight.carrier) }
                " " (flight.number)
            }
            td.route {
                a href=(href::airports::code(&flight.origin)) { (flight.origin) }
                span role="img" aria-label="to" { " → " }
                a href=(href::airports::code(&flight.dest)) { (flight.dest) }
            }
            td.wide {
                @match &flight.tailnum {
                    Some(tailnum) => a href=(href::planes::tailnum(tailnum)) { (tailnum) },
                    None => "–",
                }
            }
            td.number { (left(flight)) }
            td.number.wide { (flight.arrival_delay.map_or_else(|| html! { "–" }, late)) }
            td.edit.wide {
                a href=(href::desk::flights::id(flight.id)) {
                    (notes) span.unseen { " about " (flight.name()) }
                }
            }
        }
    }
}

fn left(flight: &Flight) -> Markup {
    match flight.departure_delay {
        Some(delay) => late(delay),
        None => html! { span.late { "cancelled" } },
    }
}

/// Minutes with their sign; what the authority calls late stands out.
fn late(minutes: i32) -> Markup {
    let text = match minutes {
        0 => "0".to_owned(),
        1.. => format!("+{minutes}"),
        early => format!("−{}", early.unsigned_abs()),
    };
    html! { span.late[minutes >= 15] { (text) } }
}
