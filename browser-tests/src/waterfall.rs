//! A page's way to its last paint, drawn as an SVG.
//!
//! Needs the feature `browser`.
//!
//! A [`Waterfall`] is plain data: rows of spans and ticks on one clock, in milliseconds after the
//! start of the navigation. [`svg`](Waterfall::svg) is a pure function of it. The picture needs no
//! font and no file beside it, follows the reader's choice of light or dark, and tells every kind
//! of mark by its shape as well as by its colour.
//!
//! ```
//! use anabranch_paint::waterfall::{Mark, Row, Stretch, Waterfall};
//!
//! let waterfall = Waterfall {
//!     title: "Sales".into(),
//!     rows: vec![
//!         Row::new("Request").span(Stretch::Request, 0.0, 80.0),
//!         Row::new("Total").span(Stretch::Loading, 95.0, 410.0).tick(Mark::Painted, 430.0),
//!     ],
//!     complete: Some(440.0),
//!     ..Waterfall::default()
//! };
//! assert!(waterfall.svg().starts_with("<svg"));
//! ```
//!
//! # Layout
//! - here: what is drawn
//! - `draw`: the picture
//! - `axis`: from milliseconds to pixels, and the round numbers between
//! - `text`: names of strangers, made fit to stand in XML

mod axis;
mod draw;
mod text;

#[cfg(test)]
mod tests;

/// What happened to a page, by time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waterfall {
    /// What the picture shows.
    pub title: String,
    /// Where it was taken: the page's URL.
    pub source: String,
    /// From top to bottom. Only the first [`MOST_ROWS`](Self::MOST_ROWS) are drawn.
    pub rows: Vec<Row>,
    /// When everything was there, if it ever was.
    pub complete: Option<f64>,
    /// Sentences below the picture.
    pub notes: Vec<String>,
}

/// One line: the request, the shell, a boundary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Its name.
    pub label: String,
    /// What is worth knowing beside the name: a status, the name on the wire.
    pub detail: String,
    /// How many rows it is nested in.
    pub depth: usize,
    /// Whether an error stands in its place.
    pub failed: bool,
    /// What took time.
    pub spans: Vec<Span>,
    /// What happened at one moment.
    pub ticks: Vec<Tick>,
}

/// Something that took time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// What it was.
    pub stretch: Stretch,
    /// Milliseconds after the start of the navigation.
    pub from: f64,
    /// Milliseconds after the start of the navigation.
    pub to: f64,
}

/// Something that happened at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tick {
    /// What it was.
    pub mark: Mark,
    /// Milliseconds after the start of the navigation.
    pub at: f64,
}

/// What can take time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// From the navigation to the first byte of the response.
    Request,
    /// From the first byte to the first paint.
    Shell,
    /// From the first byte to the last.
    Response,
    /// A loading view stands on the page.
    Loading,
    /// A component works on the server.
    Work,
}

/// What can happen at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A part of the response arrived.
    Part,
    /// The server wrote the content.
    Sent,
    /// The content is in its place on the page.
    Arrived,
    /// The reader sees it.
    Painted,
}

impl Waterfall {
    /// How many rows a picture has at most; a note counts the others.
    pub const MOST_ROWS: usize = 100;

    /// The picture, 1,000 pixels wide, as a document that can stand alone or inside of HTML.
    #[must_use]
    pub fn svg(&self) -> String {
        draw::svg(self).into_string()
    }

    /// The last time that anything in it has.
    fn end(&self) -> f64 {
        let spans = self.rows.iter().flat_map(|row| &row.spans);
        let ticks = self.rows.iter().flat_map(|row| &row.ticks);
        let times = spans.map(|span| span.to).chain(ticks.map(|tick| tick.at));
        // `f64::max` passes over what is not a number.
        times.chain(self.complete).fold(0.0, f64::max)
    }
}

impl Row {
    /// A row with nothing in it yet.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// Adds what is worth knowing beside the name.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Adds something that took time.
    #[must_use]
    pub fn span(mut self, stretch: Stretch, from: f64, to: f64) -> Self {
        self.spans.push(Span { stretch, from, to });
        self
    }

    /// Adds something that happened at one moment.
    #[must_use]
    pub fn tick(mut self, mark: Mark, at: f64) -> Self {
        self.ticks.push(Tick { mark, at });
        self
    }

    /// What the reader waited for, in words: the last paint, else what came closest to it.
    fn outcome(&self) -> Option<(&'static str, f64)> {
        let at = self
            .last(Mark::Painted)
            .or_else(|| self.last(Mark::Arrived))
            .or_else(|| self.last(Mark::Sent))
            .or_else(|| self.spans_end())?;
        Some((if self.failed { "failed" } else { "" }, at))
    }

    /// The time between the last that is known of the content and its paint.
    fn wait(&self) -> Option<(f64, f64)> {
        Some((self.spans_end()?, self.last(Mark::Painted)?))
    }

    fn last(&self, mark: Mark) -> Option<f64> {
        let ticks = self.ticks.iter().filter(|tick| tick.mark == mark);
        ticks.map(|tick| tick.at).max_by(f64::total_cmp)
    }

    fn spans_end(&self) -> Option<f64> {
        let ends = self.spans.iter().map(|span| span.to);
        ends.max_by(f64::total_cmp)
    }
}
