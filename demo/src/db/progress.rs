//! Shows how far the import is: a bar in a terminal, a line per table elsewhere.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

/// The bar is drawn once in so many rows; drawing costs more than inserting.
const STEP: u64 = 4_096;

const BAR: &str = "Importing {msg:8} [{bar:32}] {human_pos} of {human_len} rows, {elapsed}";

pub(super) struct Progress {
    bar: ProgressBar,
    rows: std::cell::Cell<u64>,
}

impl Progress {
    pub(super) fn new(rows: u64) -> Self {
        let bar = if stderr().is_terminal() {
            let style =
                ProgressStyle::with_template(BAR).expect("the template is a valid constant");
            ProgressBar::new(rows).with_style(style.progress_chars("=> "))
        } else {
            ProgressBar::hidden()
        };
        Self {
            bar,
            rows: std::cell::Cell::new(0),
        }
    }

    pub(super) fn begin(&self, table: &str) {
        self.bar.set_message(table.to_owned());
    }

    pub(super) fn row(&self) {
        let rows = self.rows.get() + 1;
        self.rows.set(rows);
        if rows.is_multiple_of(STEP) {
            self.bar.set_position(rows);
        }
    }

    pub(super) fn end(&self, table: &str, rows: u64) {
        if self.bar.is_hidden() {
            eprintln!("Imported {table}: {rows} rows");
        }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
