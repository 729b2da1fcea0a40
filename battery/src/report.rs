//! The table of what was found, in Markdown, line by line: a run of the long forms takes an hour,
//! and one that is interrupted has found something too.

use std::fmt::{self, Display};

use crate::run::Ran;
use crate::{Form, random};

/// The lines above the first row.
pub const HEAD: &str = "| id | what | figure | pass |\n|---|---|---|---|";

impl Display for Ran {
    /// The row's line in the table.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, outcome, .. } = self;
        let (figure, pass) = match outcome {
            Ok(figure) => (figure, "yes"),
            Err(failure) => (failure, "**no**"),
        };
        let figure = cell(figure);
        write!(f, "| {} | {} | {figure} | {pass} |", row.id, row.what)
    }
}

/// What is said below the table.
#[derive(Clone, Copy, Debug)]
pub struct Summary<'a> {
    /// The rows that were run.
    pub ran: &'a [Ran],
    /// In which form.
    pub form: Form,
}

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed = self.ran.iter().filter(|ran| ran.outcome.is_ok()).count();
        let seconds: f64 = self.ran.iter().map(|ran| ran.took.as_secs_f64()).sum();
        let form = self.form.pick("short form", "long form");
        write!(
            f,
            "\n{passed} of {} rows hold ({form}, {seconds:.0} s, seed {:#x}).",
            self.ran.len(),
            random::seed()
        )
    }
}

/// Text that fits in one cell: a failure may have lines, and show markup.
fn cell(text: &str) -> String {
    const LONGEST: usize = 400;
    let mut cell = text.replace('\n', " ").replace('|', "\\|");
    if let Some((end, _)) = cell.char_indices().nth(LONGEST) {
        cell.truncate(end);
        cell.push('…');
    }
    cell
}
