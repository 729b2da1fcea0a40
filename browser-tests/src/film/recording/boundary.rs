//! One boundary, as the page saw it and, where the inspector is on, as the server did.

use serde_json::Value;

use crate::waterfall::{Mark, Row, Stretch};

/// What is known of a boundary; times are milliseconds after the start of the navigation.
#[derive(Clone, Debug, Default)]
pub(super) struct Boundary {
    /// Its name on the wire, or the server's number when the server told of it.
    pub(super) id: String,
    pub(super) parent: Option<String>,
    label: String,
    detail: String,
    failed: bool,
    placed: Option<f64>,
    swapped: Option<f64>,
    drawn: Option<f64>,
    painted: Option<f64>,
    out_of_sight: bool,
    started: Option<f64>,
    complete: Option<f64>,
    sent: Option<f64>,
}

/// The boundaries in a report: those the server told of, else those the page saw.
pub(super) fn read(report: &Value) -> Vec<Boundary> {
    let seen: Vec<_> = list(&report["boundaries"]).map(Boundary::seen).collect();
    let told: Vec<_> = list(&report["told"])
        .map(|told| {
            let wire = told["wire"].as_str();
            let seen = seen.iter().find(|seen| Some(seen.id.as_str()) == wire);
            seen.cloned().unwrap_or_default().told(told)
        })
        .collect();
    if told.is_empty() { seen } else { told }
}

impl Boundary {
    /// What the page saw, by the markers that came and went.
    fn seen(seen: &Value) -> Self {
        let wire = text(&seen["name"]);
        let swapped = seen["swapped"].as_f64();
        let (label, detail) = match text(&seen["label"]) {
            label if label.is_empty() => (format!("Boundary {wire}"), String::new()),
            label => (label, format!("#{wire}")),
        };
        Self {
            id: wire,
            parent: seen["parent"].as_str().map(str::to_owned),
            label,
            detail,
            failed: seen["failed"] == true,
            placed: seen["placed"].as_f64(),
            swapped,
            drawn: seen["drawn"].as_f64(),
            painted: seen["painted"].as_f64(),
            out_of_sight: swapped.is_some() && seen["visible"] == false,
            ..Self::default()
        }
    }

    /// Adds what the server told.
    fn told(mut self, told: &Value) -> Self {
        let offset = told["offset"].as_f64().unwrap_or_default();
        let at = |name: &str| told[name].as_f64().map(|at| at + offset);
        let place = text(&told["place"]);
        match text(&told["name"]) {
            name if !name.is_empty() && name != place => {
                self.detail = if self.label.is_empty() {
                    place
                } else {
                    self.label
                };
                self.label = name;
            }
            _ if self.label.is_empty() => self.label = place,
            _ => self.detail = place,
        }
        self.id = told["id"].to_string();
        self.parent = match &told["parent"] {
            // Number 0 is the page itself.
            Value::Number(parent) if parent.as_u64() != Some(0) => Some(parent.to_string()),
            _ => None,
        };
        self.failed |= told["outcome"]
            .as_str()
            .is_some_and(|outcome| outcome == "failed");
        self.started = at("started");
        self.complete = at("end");
        self.sent = at("sent");
        self
    }

    /// Whether a reader waited for it, with a loading view in its place.
    pub(super) fn had_loading_view(&self) -> bool {
        self.placed.is_some()
    }

    /// Whether its content came to a place that cannot be seen without scrolling.
    pub(super) fn is_out_of_sight(&self) -> bool {
        self.out_of_sight
    }

    /// Its name, and when it was part of a frame for the first time.
    pub(super) fn drawn(&self) -> Option<(&str, f64)> {
        let drawn = self.drawn.filter(|_| !self.out_of_sight)?;
        Some((&self.label, drawn))
    }

    /// Its row in the waterfall of a page that was watched until `end`.
    pub(super) fn row(&self, depth: usize, end: f64) -> Row {
        let mut row = Row::new(&self.label).detail(&self.detail);
        row.depth = depth;
        row.failed = self.failed;
        if let Some(placed) = self.placed {
            let swapped = self.swapped.unwrap_or(end);
            row = row.span(Stretch::Loading, placed, swapped);
            if self.swapped.is_none() {
                row = row.detail("never came");
            }
        }
        if let (Some(from), Some(to)) = (self.started, self.complete) {
            row = row.span(Stretch::Work, from, to);
        }
        // Where the server tells when it sent, the end of the loading view tells the rest.
        row = match (self.sent, self.swapped) {
            (Some(sent), _) => row.tick(Mark::Sent, sent),
            (None, Some(swapped)) => row.tick(Mark::Arrived, swapped),
            (None, None) => row,
        };
        match self.painted {
            Some(painted) => row.tick(Mark::Painted, painted),
            None => row,
        }
    }
}

fn list(values: &Value) -> impl Iterator<Item = &Value> {
    values.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
