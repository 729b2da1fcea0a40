//! Shows how far the import is: a bar in a terminal, a line per table elsewhere.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

use super::Table;

/// The bar is drawn once in so many rows; drawing costs more than inserting.
const STEP: u64 = 4_096;

const BAR: &str = "Importing {msg:8} [{bar:32}] {human_pos} of {human_len} rows, {elapsed}";

pub(super) struct Progress {
    bar: ProgressBar,
    rows: u64,
    drawn: u64,
}

impl Progress {
    pub(super) fn new(tables: &[Table<'_>]) -> Self {
        let bar = if stderr().is_terminal() {
            let style =
                ProgressStyle::with_template(BAR).expect("the template is a valid constant");
            let rows = tables.iter().map(|table| table.rows).sum();
            ProgressBar::new(rows).with_style(style.progress_chars("=> "))
        } else {
            ProgressBar::hidden()
        };
        Self {
            bar,
            rows: 0,
            drawn: 0,
        }
    }

    pub(super) fn begin(&self, table: &Table<'_>) {
        self.bar.set_message(table.name.to_owned());
    }

    pub(super) fn add(&mut self, rows: u64) {
        self.rows += rows;
        if self.rows - self.drawn >= STEP {
            self.bar.set_position(self.rows);
            self.drawn = self.rows;
        }
    }

    pub(super) fn end(&self, table: &Table<'_>) {
        if self.bar.is_hidden() {
            eprintln!("Imported {}: {} rows", table.name, table.rows);
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
