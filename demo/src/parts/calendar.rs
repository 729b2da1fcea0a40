//! The year as a calendar of delays.

use anabranch::prelude::*;

use crate::date::Date;
use crate::queries::Day;
use crate::ui::number::minutes;

/// Up to how many minutes a day has which colour. What is above has the last one.
const STEPS: [(f64, &str); 5] = [
    (5.0, "under 5 min"),
    (15.0, "5 to 15"),
    (30.0, "15 to 30"),
    (45.0, "30 to 45"),
    (f64::INFINITY, "45 and more"),
];

/// The class that colours a day with this delay.
pub(crate) fn heat(minutes: f64) -> &'static str {
    const CLASSES: [&str; 5] = ["heat-0", "heat-1", "heat-2", "heat-3", "heat-4"];
    let step = STEPS.iter().take_while(|(limit, _)| minutes >= *limit);
    CLASSES[step.count().min(CLASSES.len() - 1)]
}

/// What the colours mean.
pub(crate) fn legend() -> Markup {
    html! {
        ul.legend {
            @for (step, (_, label)) in STEPS.iter().enumerate() {
                li { i class={ "heat-" (step) } {} (label) }
            }
        }
    }
}

/// The frame in which a narrow screen scrolls, and the legend.
pub(crate) fn frame(calendar: &Markup) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Calendar" { (calendar) }
        (legend())
    }
}

/// The year, a column for each week. Days without departures have the colour of an empty field.
pub(crate) fn calendar(days: &[Day]) -> Markup {
    const CELL: u16 = 14;
    const LEFT: u16 = 30;
    const TOP: u16 = 20;
    let known = || {
        days.iter()
            .filter_map(|day| Some((day.date, day.mean_delay?)))
    };
    let late = known().filter(|(_, delay)| *delay >= 30.0).count();
    let summary = format!(
        "Calendar of 2013. On {late} of {} days departures were late by half an hour or more on average",
        known().count()
    );
    html! {
        svg.year role="img" aria-label=(summary) viewBox="0 0 772 122" {
            @for first in (1..=12).filter_map(|month| Date::new(month, 1)) {
                @let (week, weekday) = first.week_and_weekday();
                // A month that begins within a week is named over its first whole one.
                text x=(LEFT + CELL * (week + weekday.min(1))) y="11" { (&first.month_name()[..3]) }
            }
            @for (row, name) in [(0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun")] {
                text x="0" y=(TOP + CELL * row + 10) { (name) }
            }
            @for (date, delay) in known() {
                @let (week, weekday) = date.week_and_weekday();
                rect class=(heat(delay)) rx="2.5" width="12" height="12"
                    x=(LEFT + CELL * week) y=(TOP + CELL * weekday) {
                    title { (date) ": " (minutes(Some(delay))) " minutes" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_delay_has_a_colour() {
        let delays = [-3.0, 4.9, 5.0, 29.9, 45.0, f64::INFINITY];
        let expected = ["heat-0", "heat-0", "heat-1", "heat-2", "heat-4", "heat-4"];
        assert_eq!(delays.map(heat), expected);
    }
}
