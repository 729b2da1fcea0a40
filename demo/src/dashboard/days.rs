//! Two cards over one shared query: the year as a calendar, and its worst days. The worst of
//! them is looked into by a boundary of its own, inside the second card.

use anabranch::prelude::*;

use super::chart::{self, Item};
use super::date::{Date, months};
use super::number::{decimal, percent, thousands};
use super::{Context, view};
use crate::queries::{Day, HourOfDay};

/// Up to how many minutes a day has which colour. What is above has the last one.
const STEPS: [(f64, &str); 5] = [
    (5.0, "under 5 min"),
    (15.0, "5 to 15"),
    (30.0, "15 to 30"),
    (45.0, "30 to 45"),
    (f64::INFINITY, "45 and more"),
];

const WORST: usize = 6;

pub(super) fn calendar_card(at: &Context, days: &Shared<Vec<Day>>) -> Markup {
    html! {
        section.card aria-labelledby="calendar" {
            h2 #calendar { "The year, day by day" }
            p.about { "Mean minutes late of each day’s departures" }
            div.scroll tabindex="0" role="region" aria-label="Calendar" {
                (at.part("calendar", calendar(days.clone()))
                    .loading(|| view::loading_block("year", "the calendar"))
                    .error(|error| view::failed_block("year", error)))
            }
            ul.legend {
                @for (step, (_, label)) in STEPS.iter().enumerate() {
                    li { i class={ "heat-" (step) } {} (label) }
                }
            }
        }
    }
}

pub(super) fn worst_card(at: &Context, days: &Shared<Vec<Day>>) -> Markup {
    html! {
        section.card aria-labelledby="worst" {
            h2 #worst { "The worst days" }
            p.about { "And what happened on the very worst, hour by hour" }
            (at.part("worst days", worst(at.clone(), days.clone()))
                .loading(|| view::loading_block("days", "the worst days"))
                .error(|error| view::failed_block("days", error)))
        }
    }
}

async fn calendar(days: Shared<Vec<Day>>) -> Result {
    const CELL: u16 = 14;
    const LEFT: u16 = 30;
    const TOP: u16 = 20;
    let days = days.await?;
    let late = days.iter().filter(|day| day.mean_delay >= 30.0).count();
    let summary = format!(
        "Calendar of 2013. On {late} of {} days departures were late by half an hour or more on average",
        days.len()
    );
    Ok(html! {
        svg.year role="img" aria-label=(summary) viewBox="0 0 772 122" {
            @for (name, first) in months() {
                @let (week, weekday) = first.week_and_weekday();
                // A month that begins within a week is named over its first whole one.
                text x=(LEFT + CELL * (week + weekday.min(1))) y="11" { (name) }
            }
            @for (row, name) in [(0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun")] {
                text x="0" y=(TOP + CELL * row + 10) { (name) }
            }
            @for day in days.iter() {
                @let date = Date::new(day.month, day.day);
                @let (week, weekday) = date.week_and_weekday();
                rect class={ "heat-" (heat(day.mean_delay)) } rx="2.5" width="12" height="12"
                    x=(LEFT + CELL * week) y=(TOP + CELL * weekday) {
                    title { (date) ": " (decimal(day.mean_delay, 1)) " minutes" }
                }
            }
        }
    })
}

fn heat(minutes: f64) -> usize {
    let above = |(limit, _): &(f64, _)| minutes >= *limit;
    STEPS.iter().take_while(|step| above(step)).count()
}

async fn worst(at: Context, days: Shared<Vec<Day>>) -> Result {
    let days = days.await?;
    let mut worst: Vec<&Day> = days.iter().collect();
    worst.sort_by(|a, b| b.mean_delay.total_cmp(&a.mean_delay));
    worst.truncate(WORST);
    let Some(first) = worst.first() else {
        return Err(Error::msg("no flight left"));
    };
    let date = Date::new(first.month, first.day);
    let hours = hours_of_day(at.clone(), first.month, first.day);
    Ok(html! {
        div.days {
            table {
                caption.unseen { "The days with the longest mean delay" }
                thead {
                    tr {
                        th scope="col" { "Day" }
                        th.number scope="col" { "Cancelled" }
                        th.number scope="col" { "Min late" }
                    }
                }
                tbody {
                    @for day in &worst {
                        tr {
                            th scope="row" { (Date::new(day.month, day.day)) }
                            td.number { (decimal(percent(day.cancelled, day.flights), 0)) " %" }
                            td.number { (decimal(day.mean_delay, 0)) }
                        }
                    }
                }
            }
            div {
                h3 { (date) ", hour by hour" }
                (at.part("the worst day", hours)
                    .loading(|| view::loading_block("day", "the worst day"))
                    .error(|error| view::failed_block("day", error)))
            }
        }
    })
}

async fn hours_of_day(at: Context, month: u8, day: u8) -> Result {
    let hours = at.db.hours_of_day(at.origin, month, day).await?;
    let items: Vec<_> = hours
        .iter()
        .map(|hour| Item {
            label: hour.hour.to_string(),
            value: hour.mean_delay.unwrap_or_default(),
            detail: format!(
                "{}:00: {} of {} flights cancelled",
                hour.hour, hour.cancelled, hour.flights
            ),
        })
        .collect();
    let date = Date::new(month, day).short();
    let flights: u32 = hours.iter().map(|hour| hour.flights).sum();
    let cancelled: u32 = hours.iter().map(|hour| hour.cancelled).sum();
    Ok(html! {
        div.day {
            (chart::columns(&format!("Mean departure delay on {date} by hour"), &items))
            p.note {
                strong { (thousands(cancelled)) } " of " (thousands(flights)) " flights cancelled; "
                (weather(&hours)) "."
            }
        }
    })
}

/// The extremes of a day's weather in words.
fn weather(hours: &[HourOfDay]) -> String {
    let wind = hours.iter().filter_map(|hour| hour.wind);
    let rain = hours.iter().filter_map(|hour| hour.rain);
    let visibility = hours.iter().filter_map(|hour| hour.visibility);
    format!(
        "wind to {} mph, rain {} in, sight {} mi",
        decimal(wind.fold(0.0, f64::max), 0),
        decimal(rain.sum(), 1),
        decimal(visibility.fold(f64::INFINITY, f64::min), 1),
    )
}
