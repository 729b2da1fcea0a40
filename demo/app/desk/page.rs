//! The desk: finds a flight, and lists the newest notes.

use anabranch::prelude::*;
use serde::Deserialize;

use crate::app::href;
use crate::date::Date;
use crate::db::Db;
use crate::queries::{Flight, Note};
use crate::ui::card::card;

/// How many notes are listed.
const NEWEST: u16 = 20;

/// The query string: `/desk?date=2013-07-04&flight=UA+1106`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Search {
    date: String,
    flight: String,
}

/// A flight number such as "UA 1106", with a space or without.
fn airline_and_number(text: &str) -> Option<(String, u32)> {
    let (carrier, number) = text.trim().split_at_checked(2)?;
    let number = number.trim_start().parse().ok()?;
    carrier.is_ascii().then(|| (carrier.to_uppercase(), number))
}

/// The form, what it finds, and the newest notes.
pub async fn render(State(db): State<Db>, Query(search): Query<Search>) -> Result {
    let notes = db.newest_notes(NEWEST).await?;
    let found = found(&db, &search).await?;
    Ok(html! {
        div.top {
            h1 { "The desk" }
            p { "Notes about flights: why one was late, and what else is worth knowing." }
        }
        div.grid {
            (card("find", "less", "Find a flight", "By its day and its number", &html! {
                (form(&search))
                (found)
            }))
            (card("notes", "most", "Newest notes", "Over all flights", &list(&notes)))
        }
    })
}

fn form(search: &Search) -> Markup {
    html! {
        form.stack method="get" action=(href::desk()) {
            div.field {
                label for="date" { "Day" }
                input #date type="date" name="date" value=(search.date) required
                    min="2013-01-01" max="2013-12-31";
            }
            div.field {
                label for="flight" { "Flight" }
                input #flight name="flight" value=(search.flight) required placeholder="UA 1106"
                    autocomplete="off" autocapitalize="characters";
            }
            button { "Find" }
        }
    }
}

/// What the form finds, or why it finds nothing.
async fn found(db: &Db, search: &Search) -> Result {
    if search.date.is_empty() && search.flight.is_empty() {
        return Ok(html! {});
    }
    let Ok(date) = search.date.parse::<Date>() else {
        return Ok(html! { p.problem role="status" { "Choose a day of 2013." } });
    };
    let Some((carrier, number)) = airline_and_number(&search.flight) else {
        return Ok(html! {
            p.problem role="status" {
                "A flight is two letters or digits and a number, such as UA 1106 or B6 1."
            }
        });
    };
    let flights = db.flights_by_number(date, carrier, number).await?;
    Ok(html! {
        @if flights.is_empty() {
            p.problem role="status" { "No flight " (search.flight) " on " (date.long()) "." }
        } @else {
            ul.found role="status" { @for flight in &flights { li { (link(flight)) } } }
        }
    })
}

fn link(flight: &Flight) -> Markup {
    html! {
        a href=(href::desk::flights::id(flight.id)) { (flight.name()) }
        ", " (flight.date) ", " (flight.planned) ", " (flight.origin) " to " (flight.dest)
    }
}

fn list(notes: &[Note]) -> Markup {
    html! {
        @if notes.is_empty() {
            p.empty { "There are none yet. Find a flight to write the first." }
        } @else {
            ul.notes {
                @for note in notes {
                    li {
                        p.about { (link(&note.flight)) }
                        p.said { (note.text) }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flight_number_is_an_airline_and_a_number() {
        let found = |carrier: &str, number| Some((carrier.to_owned(), number));
        assert_eq!(airline_and_number("UA 1106"), found("UA", 1106));
        assert_eq!(airline_and_number(" b61"), found("B6", 1));
        assert_eq!(airline_and_number("9E4"), found("9E", 4));
        for text in ["", "U", "UA", "UA x", "é1", "UA -1"] {
            assert_eq!(airline_and_number(text), None, "{text}");
        }
    }
}
