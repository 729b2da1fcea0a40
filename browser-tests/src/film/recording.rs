//! What a page says of itself, made into a waterfall.

use std::collections::HashMap;

use serde_json::Value;

use self::boundary::Boundary;
use super::frames::Frame;
use super::network::{End, Response};
use crate::waterfall::{Mark, Row, Stretch, Waterfall};

mod boundary;
#[cfg(test)]
mod tests;

/// What is known of a page; times are milliseconds after the start of the navigation.
#[derive(Clone, Debug, Default)]
pub(super) struct Recording {
    title: String,
    first_byte: f64,
    status: u64,
    /// The first contentful paint.
    pub(super) shell: Option<f64>,
    loaded: Option<f64>,
    response: Response,
    boundaries: Vec<Boundary>,
}

impl Recording {
    /// Reads the report of `watch.js`.
    pub(super) fn read(report: &Value, response: Response) -> Self {
        Self {
            title: report["title"].as_str().unwrap_or_default().to_owned(),
            first_byte: report["firstByte"].as_f64().unwrap_or_default(),
            status: report["status"].as_u64().unwrap_or_default(),
            shell: report["shell"].as_f64(),
            loaded: report["loaded"].as_f64(),
            response,
            boundaries: boundary::read(report),
        }
    }

    /// Tells the frames what they show: what was drawn last before them, on the page's own word.
    /// The browser reports a paint when it is on the screen, and that may be after its frame.
    pub(super) fn caption(&self, frames: &mut [Frame]) {
        for boundary in &self.boundaries {
            let Some((name, drawn)) = boundary.drawn() else {
                continue;
            };
            let first = frames.iter().position(|frame| frame.at >= drawn);
            let first = first.unwrap_or(frames.len().saturating_sub(1));
            if let Some(frame) = frames.get_mut(first) {
                frame.shows.push(name.to_owned());
            }
        }
    }

    pub(super) fn waterfall(self, source: String) -> Waterfall {
        let mut rows = vec![self.request_row(), self.response_row(), self.shell_row()];
        self.add_boundaries(&mut rows);
        Waterfall {
            title: self.title.clone(),
            source,
            rows,
            complete: self.loaded,
            notes: self.notes(),
        }
    }

    fn request_row(&self) -> Row {
        let row = Row::new("Request").span(Stretch::Request, 0.0, self.first_byte);
        match self.status {
            0 => row,
            status => row.detail(format!("status {status}")),
        }
    }

    fn response_row(&self) -> Row {
        let Response { parts, bytes, .. } = &self.response;
        let mut row = Row::new("Response").detail(match parts.len() {
            1 => format!("{} in one part", size(*bytes)),
            parts => format!("{} in {parts} parts", size(*bytes)),
        });
        row.failed = self.is_cut();
        row = row.span(Stretch::Response, self.first_byte, self.end());
        parts.iter().fold(row, |row, at| row.tick(Mark::Part, *at))
    }

    fn shell_row(&self) -> Row {
        let row = Row::new("Shell");
        match self.shell {
            Some(shell) => row
                .span(Stretch::Shell, self.first_byte, shell)
                .tick(Mark::Painted, shell),
            None => row,
        }
    }

    /// Each boundary below the one it is nested in.
    fn add_boundaries(&self, rows: &mut Vec<Row>) {
        let mut children: HashMap<Option<&str>, Vec<&Boundary>> = HashMap::new();
        for boundary in &self.boundaries {
            let parent = boundary.parent.as_deref();
            children.entry(parent).or_default().push(boundary);
        }
        // A stack, because pages nest as deep as they like. The first child lies on top.
        let of = |parent, depth| {
            let children = children.get(&parent).into_iter().flatten().rev();
            children.map(move |boundary| (*boundary, depth))
        };
        let mut waiting: Vec<_> = of(None, 0).collect();
        while let Some((boundary, depth)) = waiting.pop() {
            rows.push(boundary.row(depth, self.end()));
            waiting.extend(of(Some(&boundary.id), depth + 1));
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.is_cut() {
            notes.push("The response was cut before its end.".to_owned());
        } else if self.loaded.is_none() {
            notes.push("The response was still open when the film ended.".to_owned());
        }
        if !self.streams() {
            notes.push(
                "This page does not stream: all of it had arrived before anything was painted."
                    .to_owned(),
            );
        }
        let unseen = self.boundaries.iter().filter(|each| each.is_out_of_sight());
        match unseen.count() {
            0 => {}
            1 => notes.push(
                "One boundary lies outside of the window, where nothing is painted.".to_owned(),
            ),
            n => notes.push(format!(
                "{n} boundaries lie outside of the window, where nothing is painted."
            )),
        }
        notes
    }

    /// Whether something arrived after the first paint.
    fn streams(&self) -> bool {
        let Some(shell) = self.shell else {
            return false;
        };
        let late_part = self.response.parts.iter().any(|at| *at > shell);
        late_part || self.boundaries.iter().any(Boundary::had_loading_view)
    }

    /// When the response ended, as far as it was watched.
    fn end(&self) -> f64 {
        match self.response.end {
            Some(End::Whole(at) | End::Cut(at)) => at,
            None => self
                .response
                .parts
                .last()
                .copied()
                .unwrap_or(self.first_byte),
        }
    }

    fn is_cut(&self) -> bool {
        matches!(self.response.end, Some(End::Cut(_)))
    }
}

/// A number of bytes in words.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..100_000 => format!("{}.{} kB", bytes / 1_000, bytes % 1_000 / 100),
        100_000..1_000_000 => format!("{} kB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
