//! The year as twelve months of links. They are there at once, and get their colours late.

use anabranch::prelude::*;

use crate::app::href;
use crate::date::Date;
use crate::db::Db;
use crate::parts::calendar::{heat, legend};
use crate::queries::{Day, Subset};
use crate::ui::number::{count, minutes};

pub(super) fn year(db: Db) -> Markup {
    html! {
        div.top {
            h1 { "Day by day" }
            p { "The 365 days of 2013, by how late their flights left. Choose one to see its flights." }
        }
        section.card aria-label="Calendar" {
            (boundary(coloured(db)).name("year").loading(|| months(&[])).error(uncoloured))
            (legend())
        }
    }
}

async fn coloured(db: Db) -> Result {
    Ok(months(&db.days(Subset::All).await?))
}

/// The links work without their colours.
fn uncoloured(error: &Error) -> Markup {
    html! {
        (months(&[]))
        p.about { "The delays could not be loaded. The log knows more, under " code { (error.id()) } "." }
    }
}

/// The months; days that are not among `days` have no colour.
fn months(days: &[Day]) -> Markup {
    html! {
        div.months aria-busy=[days.is_empty().then_some("true")] {
            @for first in (1..=12).filter_map(|month| Date::new(month, 1)) {
                section.month {
                    h2 { (first.month_name()) }
                    ol {
                        @for date in Date::of_month(first.month()) {
                            @let day = days.iter().find(|day| day.date == date);
                            (link(date, day))
                        }
                    }
                }
            }
        }
    }
}

fn link(date: Date, day: Option<&Day>) -> Markup {
    let (_, weekday) = date.week_and_weekday();
    // The first of a month stands under its day of the week, and the others follow.
    let column = (date.day() == 1).then(|| format!("weekday-{weekday}"));
    let class = day.and_then(|day| day.mean_delay).map_or("bone", heat);
    let title = day.map(|day| {
        let flights = count(day.flights, "flight", "flights");
        format!(
            "{date}: {flights}, {} minutes late",
            minutes(day.mean_delay)
        )
    });
    html! {
        li class=[column] {
            a class=(class) href=(href::flights::date([date.iso()])) title=[title] {
                span.unseen { (date.month_name()) " " } (date.day())
            }
        }
    }
}
