//! What the marks mean that stand in a picture.

use maud::{Markup, html};

use super::{Px, bar, symbol};
use crate::waterfall::{Mark, Row, Stretch};

const STRETCHES: [(Stretch, &str); 4] = [
    (Stretch::Request, "waiting for a byte"),
    (Stretch::Shell, "shell"),
    (Stretch::Loading, "loading view"),
    (Stretch::Work, "work"),
];

const MARKS: [(Mark, &str); 4] = [
    (Mark::Part, "a part arrives"),
    (Mark::Sent, "sent"),
    (Mark::Arrived, "in its place"),
    (Mark::Painted, "painted"),
];

/// A sample and its meaning.
struct Entry {
    sample: Markup,
    meaning: &'static str,
}

impl Entry {
    /// Room for the sample, its meaning and a gap.
    fn width(&self) -> f64 {
        47.0 + 6.4 * Px::count(self.meaning.len())
    }
}

/// One line with an entry for each kind of mark that the rows have.
pub(super) fn legend(rows: &[Row], left: f64, y: f64) -> Markup {
    let entries = entries(rows);
    let places = entries.iter().scan(left, |next, entry| {
        let place = *next;
        *next += entry.width();
        Some(place)
    });
    html! {
        @for (entry, x) in entries.iter().zip(places) {
            g class="legend" transform={ "translate(" (Px(x)) " " (Px(y)) ")" } {
                (entry.sample)
                text x="29" y="4.5" { (entry.meaning) }
            }
        }
    }
}

fn entries(rows: &[Row]) -> Vec<Entry> {
    let spans = || rows.iter().flat_map(|row| &row.spans);
    let stretches = STRETCHES
        .into_iter()
        .filter(|(stretch, _)| spans().any(|span| span.stretch == *stretch))
        .map(|(stretch, meaning)| Entry {
            sample: bar(stretch, 0.0, 22.0, 0.0),
            meaning,
        });
    let ticks = || rows.iter().flat_map(|row| &row.ticks);
    let marks = MARKS
        .into_iter()
        .filter(|(mark, _)| ticks().any(|tick| tick.mark == *mark))
        .map(|(mark, meaning)| Entry {
            sample: symbol(mark, false, 11.0, 0.0),
            meaning,
        });
    let failure = rows.iter().any(|row| row.failed).then(|| Entry {
        sample: html! { g class="failed" { (symbol(Mark::Painted, true, 11.0, 0.0)) } },
        meaning: "failed",
    });
    stretches.chain(marks).chain(failure).collect()
}
