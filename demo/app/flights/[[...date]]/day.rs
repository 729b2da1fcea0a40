//! A day with its flights. An index answers what is about the day alone, so the page has it when
//! it is sent; only how the day compares takes a count of the whole year, and comes late.

use anabranch::prelude::*;

use crate::app::href;
use crate::date::Date;
use crate::db::Db;
use crate::parts::{calendar, flights, totals};
use crate::queries::{AirportWeather, Flight, HourOfDay, Note, Origin, Subset};
use crate::ui::card::card;
use crate::ui::chart::{self, Item};
use crate::ui::number::{count, decimal, minutes, thousands};
use crate::ui::view;

/// Flights in a part of the list.
const LIMIT: u16 = 50;

pub(super) async fn day(db: Db, date: Date, after: Option<u32>) -> Result {
    let list = list(&db, date, after).await?;
    let totals = db.totals(Subset::Day(date)).await?;
    let hours = db.hours_of_day(None, date).await?;
    let weather = db.weather_of_day(date).await?;
    let notes = db.notes_of_day(date).await?;
    Ok(html! {
        (top(date))
        div.grid {
            section aria-labelledby="totals" {
                h2 #totals .unseen { "The day in six numbers" }
                (totals::totals(&totals, totals::Last::Miles))
            }
            (departures_card(&hours))
            (delays_card(&hours))
            (weather_card(&weather))
            (rank_card(db, date))
            @if !notes.is_empty() { (notes_card(&notes)) }
            (list_card(date, &list, totals.flights))
        }
    })
}

/// A part of the list of flights.
struct List {
    flights: Vec<Flight>,
    /// Whether flights come before it.
    goes_on: bool,
    /// The last flight, if others come after it.
    next: Option<u32>,
}

/// The flights after the one with the id `after`, which is not found unless it is of this day.
async fn list(db: &Db, date: Date, after: Option<u32>) -> Result<List> {
    let position = match after {
        None => None,
        Some(id) => {
            let flight = db.flight(id).await?.filter(|flight| flight.date == date);
            Some(flight.or_not_found()?.position())
        }
    };
    let mut flights = db.flights(Some(date), position, LIMIT + 1).await?;
    let more = flights.len() > usize::from(LIMIT);
    flights.truncate(LIMIT.into());
    Ok(List {
        goes_on: position.is_some(),
        next: flights.last().filter(|_| more).map(|flight| flight.id),
        flights,
    })
}

fn top(date: Date) -> Markup {
    html! {
        div.top {
            p.trail { a href=(href::flights()) { "Day by day" } }
            h1 { (date.long()) }
            nav aria-label="Days" {
                ul.choice {
                    @if let Some(day) = date.previous() {
                        li { a href=(href::flights::date([day.iso()])) rel="prev" { "← " (day.short()) } }
                    }
                    @if let Some(day) = date.next() {
                        li { a href=(href::flights::date([day.iso()])) rel="next" { (day.short()) " →" } }
                    }
                }
            }
        }
    }
}

fn departures_card(hours: &[HourOfDay]) -> Markup {
    let items = by_hour(hours, |hour| f64::from(hour.flights));
    card(
        "departures",
        "half",
        "Departures",
        "Flights in the timetable, by hour",
        &html! { (chart::columns("Flights by planned hour of departure", &items)) },
    )
}

fn delays_card(hours: &[HourOfDay]) -> Markup {
    let items = by_hour(hours, |hour| hour.mean_delay.unwrap_or_default());
    card(
        "delays",
        "half",
        "Delays",
        "Mean minutes late, by planned hour of departure",
        &html! { (chart::columns("Mean departure delay by hour", &items)) },
    )
}

fn by_hour(hours: &[HourOfDay], value: fn(&HourOfDay) -> f64) -> Vec<Item> {
    let item = |hour: &HourOfDay| Item {
        label: hour.hour.to_string(),
        value: value(hour),
        detail: format!(
            "{}:00: {}, {} cancelled, {} minutes late",
            hour.hour,
            count(hour.flights, "flight", "flights"),
            thousands(hour.cancelled),
            minutes(hour.mean_delay)
        ),
    };
    hours.iter().map(item).collect()
}

fn weather_card(weather: &[AirportWeather]) -> Markup {
    let range = |low: Option<f64>, high: Option<f64>| match (low, high) {
        (Some(low), Some(high)) => format!("{} to {}", decimal(low, 0), decimal(high, 0)),
        _ => "–".to_owned(),
    };
    let table = html! {
        table {
            caption.unseen { "Weather at the three airports" }
            thead {
                tr {
                    th scope="col" { "Airport" }
                    th.number.range scope="col" { "°F" }
                    th.number scope="col" { "Rain" }
                    th.number scope="col" { "Wind" }
                    th.number.wide scope="col" { "Sight" }
                }
            }
            tbody {
                @for airport in weather {
                    tr {
                        th scope="row" {
                            a href=(href::airports::code(&airport.origin)) { (name(&airport.origin)) }
                        }
                        td.number.range { (range(airport.coldest, airport.warmest)) }
                        td.number { (decimal(airport.rain, 2)) }
                        td.number { (airport.wind.map_or_else(|| "–".to_owned(), |wind| decimal(wind, 0))) }
                        td.number.wide { (decimal(airport.visibility, 1)) }
                    }
                }
            }
        }
    };
    let content = if weather.is_empty() {
        html! { p { "The data has no weather of this day." } }
    } else {
        table
    };
    card(
        "weather",
        "half",
        "Weather",
        "Rain in inches, the strongest wind in miles per hour, the least sight in miles",
        &content,
    )
}

fn name(code: &str) -> &str {
    Origin::from_code(code).map_or(code, |origin| origin.name())
}

fn rank_card(db: Db, date: Date) -> Markup {
    let part = boundary(rank(db, date)).name("rank");
    card(
        "rank",
        "half",
        "Among the days of the year",
        "By mean minutes late",
        &html! { (view::block(part, "rank", "the other days")) },
    )
}

async fn rank(db: Db, date: Date) -> Result {
    let days = db.days(Subset::All).await?;
    let delays: Vec<_> = days
        .iter()
        .filter_map(|day| Some((day.date, day.mean_delay?)))
        .collect();
    let this = delays.iter().find(|(day, _)| *day == date).or_not_found()?;
    let worse = delays.iter().filter(|(_, delay)| *delay > this.1).count();
    let mean = delays.iter().map(|(_, delay)| delay).sum::<f64>() / delays.len() as f64;
    Ok(html! {
        div.rank {
            p class={ "figure " (calendar::heat(this.1)) } { (decimal(this.1, 1)) small { " min" } }
            p {
                @match worse {
                    0 => { "The worst day of the year." },
                    _ => { (worse) " of " (delays.len()) " days were worse." },
                }
                " The mean of all days is " (decimal(mean, 1)) " minutes."
            }
        }
    })
}

fn notes_card(notes: &[Note]) -> Markup {
    let list = html! {
        ul.notes {
            @for note in notes {
                li {
                    p.about {
                        a href=(href::desk::flights::id(note.flight.id)) { (note.flight.name()) }
                        " to " (note.flight.dest) ", " (note.kind)
                    }
                    p.said { (note.text) }
                }
            }
        }
    };
    card(
        "notes",
        "",
        "Notes",
        "What the desk says about flights of the day",
        &list,
    )
}

fn list_card(date: Date, list: &List, all: u32) -> Markup {
    let here = href::flights::date([date.iso()]);
    let about = format!(
        "{} of {}, by planned departure; minutes late in the last columns",
        list.flights.len(),
        thousands(all)
    );
    let content = html! {
        (flights::table("Flights of the day", &list.flights))
        nav.pages aria-label="Parts of the list" {
            @if list.goes_on { a href=(here.clone().fragment("flights")) { "From the first" } }
            @if let Some(next) = list.next {
                a href=(here.query("after", next).fragment("flights")) rel="next" { "Later departures" }
            }
        }
    };
    card("flights", "", "The flights", &about, &content)
}
