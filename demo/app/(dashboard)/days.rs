//! Two cards over one shared query: the year as a calendar, and its worst days. The worst of
//! them is looked into by a boundary of its own, inside the second card.

use anabranch::prelude::*;

use super::Context;
use crate::app::href;
use crate::date::Date;
use crate::parts::calendar;
use crate::queries::{Day, HourOfDay};
use crate::ui::card::card;
use crate::ui::chart::{self, Item};
use crate::ui::number::{decimal, percent, thousands};
use crate::ui::view;

const WORST: usize = 6;

pub(super) fn calendar_card(at: &Context, days: &Shared<Vec<Day>>) -> Markup {
    let days = days.clone();
    let part = at.part(
        "calendar",
        async move { Ok(calendar::calendar(&days.await?)) },
    );
    card(
        "calendar",
        "",
        "The year, day by day",
        "Mean minutes late of each day’s departures",
        &calendar::frame(&html! { (view::block(part, "year", "the calendar")) }),
    )
}

pub(super) fn worst_card(at: &Context, days: &Shared<Vec<Day>>) -> Markup {
    let part = at.part("worst days", worst(at.clone(), days.clone()));
    card(
        "worst",
        "",
        "The worst days",
        "And what happened on the very worst, hour by hour",
        &html! { (view::block(part, "days", "the worst days")) },
    )
}

async fn worst(at: Context, days: Shared<Vec<Day>>) -> Result {
    let days = days.await?;
    let mut worst: Vec<_> = days
        .iter()
        .filter_map(|day| Some((day, day.mean_delay?)))
        .collect();
    worst.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    worst.truncate(WORST);
    let Some((first, _)) = worst.first() else {
        return Err(Error::msg("no flight left"));
    };
    let date = first.date;
    let hours = at.part("the worst day", hours_of_day(at.clone(), date));
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
                    @for (day, delay) in &worst {
                        tr {
                            th scope="row" {
                                a href=(href::flights::date([day.date.iso()])) { (day.date) }
                            }
                            td.number { (decimal(percent(day.cancelled, day.flights), 0)) " %" }
                            td.number { (decimal(*delay, 0)) }
                        }
                    }
                }
            }
            div {
                h3 { (date) ", hour by hour" }
                (view::block(hours, "day", "the worst day"))
            }
        }
    })
}

async fn hours_of_day(at: Context, date: Date) -> Result {
    let hours = at.db.hours_of_day(at.origin, date).await?;
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
    let date = date.short();
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
