//! The picture of a waterfall.
//!
//! Three columns: names, bars on the time axis, and when each row was done. Texts have places but
//! no known widths, because the reader's fonts are not known here, so each column leaves room.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, Render, html};

use super::axis::Axis;
use super::text::{clean, fit};
use super::{Mark, Row, Span, Stretch, Waterfall};

mod legend;

const WIDTH: f64 = 1000.0;
const MARGIN: f64 = 28.0;
/// Where the bars begin and end.
const PLOT: (f64, f64) = (304.0, 872.0);
const ROW: f64 = 30.0;
/// Above the first row: title, source and the numbers of the axis.
const HEAD: f64 = 112.0;
const BAR: f64 = 14.0;
const INDENT: f64 = 16.0;
/// Rows that are nested deeper are not indented further.
const DEEPEST: usize = 5;

pub(super) fn svg(waterfall: &Waterfall) -> Markup {
    let rows = &waterfall.rows[..waterfall.rows.len().min(Waterfall::MOST_ROWS)];
    let axis = Axis::new(PLOT.0, PLOT.1, waterfall.end());
    let notes = notes(waterfall, rows.len());
    let bottom = HEAD + Px::count(rows.len()) * ROW;
    let height = bottom + 76.0 + Px::count(notes.len()) * 20.0;
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (Px(WIDTH)) " " (Px(height)) }
            width=(Px(WIDTH)) height=(Px(height)) class="waterfall" role="img" {
            title { (clean(&waterfall.title)) }
            desc { (description(waterfall, &axis)) }
            style { (PreEscaped(include_str!("style.css"))) }
            rect class="ground" x="0.5" y="0.5" width=(Px(WIDTH - 1.0)) height=(Px(height - 1.0)) rx="12" {}
            text class="title" x=(Px(MARGIN)) y="42" { (fit(&waterfall.title, 80)) }
            text class="quiet" x=(Px(MARGIN)) y="63" { (fit(&waterfall.source, 130)) }
            (grid(&axis, bottom))
            @for (n, row) in rows.iter().enumerate() {
                (draw_row(row, &axis, HEAD + Px::count(n) * ROW))
            }
            (end(waterfall, &axis, bottom))
            (legend::legend(rows, MARGIN, bottom + 44.0))
            @for (n, note) in notes.iter().enumerate() {
                text class="note" x=(Px(MARGIN)) y=(Px(bottom + 74.0 + Px::count(n) * 20.0)) {
                    (fit(note, 140))
                }
            }
        }
    }
}

/// What a reader who does not see the picture is told.
fn description(waterfall: &Waterfall, axis: &Axis) -> String {
    let mut text = String::new();
    for row in &waterfall.rows {
        if let Some((word, at)) = row.outcome() {
            let space = if word.is_empty() { "" } else { " " };
            // Writing to a String cannot fail.
            let _ = write!(text, "{}: {word}{space}{}. ", row.label, axis.words(at));
        }
    }
    if let Some(at) = waterfall.complete {
        let _ = write!(text, "Complete: {}.", axis.words(at));
    }
    clean(&text)
}

fn notes(waterfall: &Waterfall, drawn: usize) -> Vec<String> {
    let mut notes = waterfall.notes.clone();
    if waterfall.rows.len() > drawn {
        notes.push(format!("{} more rows", waterfall.rows.len() - drawn));
    }
    notes
}

fn grid(axis: &Axis, bottom: f64) -> Markup {
    html! {
        @for at in axis.lines() {
            @let x = Px(axis.x(at));
            line class="grid" x1=(x) x2=(x) y1=(Px(HEAD - 8.0)) y2=(Px(bottom + 4.0)) {}
            text class="axis" x=(x) y=(Px(HEAD - 16.0)) { (axis.line_words(at)) }
        }
    }
}

fn draw_row(row: &Row, axis: &Axis, top: f64) -> Markup {
    let middle = top + ROW / 2.0;
    let indent = Px::count(row.depth.min(DEEPEST)) * INDENT;
    let baseline = Px(middle + 4.5);
    // Both texts share one column, so a long name leaves less for the detail.
    let columns = 33 - 2 * row.depth.min(DEEPEST);
    let label = fit(&row.label, columns);
    let detail = fit(
        &row.detail,
        columns.saturating_sub(label.chars().count() + 2),
    );
    html! {
        g class=[row.failed.then_some("failed")] {
            title { (clean(&row.label)) " " (clean(&row.detail)) }
            line class="rule" x1=(Px(MARGIN)) x2=(Px(WIDTH - MARGIN)) y1=(Px(top)) y2=(Px(top)) {}
            @if row.depth > 0 { (elbow(MARGIN + indent - INDENT + 4.0, middle)) }
            text x=(Px(MARGIN + indent)) y=(baseline) {
                tspan class="name" { (label) }
                @if detail.chars().count() > 1 { tspan class="quiet" dx="8" { (detail) } }
            }
            @if let Some((from, to)) = row.wait() {
                line class="wait" x1=(Px(axis.x(from))) x2=(Px(axis.x(to))) y1=(Px(middle)) y2=(Px(middle)) {}
            }
            @for span in &row.spans { (draw_span(*span, axis, middle)) }
            @for tick in &row.ticks { (symbol(tick.mark, row.failed, axis.x(tick.at), middle)) }
            @if let Some((word, at)) = row.outcome() {
                text class="outcome" x=(Px(WIDTH - MARGIN)) y=(baseline) {
                    @if !word.is_empty() { tspan class="word" { (word) " " } }
                    (axis.words(at))
                }
            }
        }
    }
}

/// The line that leads from a row to one nested in it.
fn elbow(x: f64, middle: f64) -> Markup {
    html! {
        line class="elbow" x1=(Px(x)) x2=(Px(x)) y1=(Px(middle - 11.0)) y2=(Px(middle)) {}
        line class="elbow" x1=(Px(x)) x2=(Px(x + 7.0)) y1=(Px(middle)) y2=(Px(middle)) {}
    }
}

fn draw_span(span: Span, axis: &Axis, middle: f64) -> Markup {
    let (from, to) = (axis.x(span.from), axis.x(span.to));
    bar(span.stretch, from, to - from, middle)
}

fn bar(stretch: Stretch, x: f64, width: f64, middle: f64) -> Markup {
    let (class, height) = look(stretch);
    // What took no time shows as a line.
    let width = width.max(1.5);
    html! {
        rect class=(class) x=(Px(x)) y=(Px(middle - height / 2.0))
            width=(Px(width)) height=(Px(height)) rx=(Px(height.min(width) / 4.0)) {}
    }
}

/// The class of a bar, and its height: work is drawn inside of the loading view it replaces.
fn look(stretch: Stretch) -> (&'static str, f64) {
    match stretch {
        Stretch::Request => ("request", BAR),
        Stretch::Shell => ("shell", BAR),
        Stretch::Response => ("response", 2.0),
        Stretch::Loading => ("loading", BAR),
        Stretch::Work => ("work", 6.0),
    }
}

fn symbol(mark: Mark, failed: bool, x: f64, y: f64) -> Markup {
    html! {
        @match mark {
            Mark::Part => {
                line class="part" x1=(Px(x)) x2=(Px(x)) y1=(Px(y - 6.0)) y2=(Px(y + 6.0)) {}
            }
            Mark::Sent => { polygon class="sent" points=(Points::around(x, y, &TRIANGLE)) {} }
            Mark::Arrived | Mark::Painted if failed => {
                line class="cross" x1=(Px(x - 4.5)) x2=(Px(x + 4.5)) y1=(Px(y - 4.5)) y2=(Px(y + 4.5)) {}
                line class="cross" x1=(Px(x - 4.5)) x2=(Px(x + 4.5)) y1=(Px(y + 4.5)) y2=(Px(y - 4.5)) {}
            }
            Mark::Arrived => { polygon class="arrived" points=(Points::around(x, y, &DIAMOND)) {} }
            Mark::Painted => { circle class="painted" cx=(Px(x)) cy=(Px(y)) r="5" {} }
        }
    }
}

const DIAMOND: [(f64, f64); 4] = [(0.0, -6.0), (6.0, 0.0), (0.0, 6.0), (-6.0, 0.0)];
const TRIANGLE: [(f64, f64); 3] = [(-4.0, -5.5), (6.0, 0.0), (-4.0, 5.5)];

/// The line at which everything was there.
fn end(waterfall: &Waterfall, axis: &Axis, bottom: f64) -> Markup {
    html! {
        @if let Some(at) = waterfall.complete {
            @let x = Px(axis.x(at));
            line class="end" x1=(x) x2=(x) y1=(Px(HEAD - 8.0)) y2=(Px(bottom + 4.0)) {}
            text class="end-words" x=(x) y=(Px(bottom + 19.0)) { "complete " (axis.words(at)) }
        }
    }
}

/// A length in the picture, to the tenth of a pixel.
#[derive(Clone, Copy)]
struct Px(f64);

impl Px {
    /// A number of rows or columns, of which there are few.
    fn count(n: usize) -> f64 {
        f64::from(u16::try_from(n).unwrap_or(u16::MAX))
    }
}

impl Render for Px {
    fn render_to(&self, out: &mut String) {
        let tenths = (self.0 * 10.0).round() / 10.0;
        // Writing to a String cannot fail.
        let _ = write!(out, "{tenths}");
    }
}

/// The corners of a polygon.
struct Points(Vec<(f64, f64)>);

impl Points {
    fn around(x: f64, y: f64, corners: &[(f64, f64)]) -> Self {
        Self(corners.iter().map(|(dx, dy)| (x + dx, y + dy)).collect())
    }
}

impl Render for Points {
    fn render_to(&self, out: &mut String) {
        for (n, (x, y)) in self.0.iter().enumerate() {
            out.push_str(if n == 0 { "" } else { " " });
            Px(*x).render_to(out);
            out.push(',');
            Px(*y).render_to(out);
        }
    }
}
