//! Medians, and tables in Markdown.

use std::fmt::Write;

/// The middle of `values`; not a number when there is none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    quantile(&mut values, 0.5)
}

/// The value below which `share` of `values` lie.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let position = (values.len() as f64 * share) as usize;
    values
        .get(position)
        .or(values.last())
        .copied()
        .unwrap_or(f64::NAN)
}

/// Rows of cells under column names.
pub(crate) struct Table {
    text: String,
}

impl Table {
    pub(crate) fn new<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        let columns: Vec<_> = columns.into_iter().collect();
        let mut table = Self {
            text: String::new(),
        };
        table.row("", columns.iter().map(ToString::to_string));
        table.text.push_str("|---|");
        table.text.push_str(&"---:|".repeat(columns.len()));
        table.text.push('\n');
        table
    }

    pub(crate) fn row(&mut self, name: &str, cells: impl IntoIterator<Item = String>) {
        let cells: String = cells.into_iter().map(|cell| format!(" {cell} |")).collect();
        writeln!(self.text, "| {name} |{cells}").expect("writing to a string cannot fail");
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}
