//! Medians, and tables in Markdown.

use std::fmt::Write;

/// The middle of `values` that are numbers; not a number when there is none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.retain(|value| !value.is_nan());
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

    /// A row of numbers, each with so many decimals; a dash for what was not measured.
    pub(crate) fn figures(&mut self, name: &str, cells: impl IntoIterator<Item = (f64, usize)>) {
        let text = |(value, decimals): (f64, usize)| {
            if value.is_nan() {
                "–".into()
            } else {
                format!("{value:.decimals$}")
            }
        };
        self.row(name, cells.into_iter().map(text));
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let mut values = vec![3.0, 1.0, 2.0, 10.0];
        assert_eq!(quantile(&mut values, 0.5), 3.0);
        assert_eq!(quantile(&mut values, 0.99), 10.0);
        assert_eq!(median(vec![1.0, 2.0, 9.0]), 2.0);
        assert_eq!(median(vec![f64::NAN, 4.0]), 4.0);
        assert!(median(Vec::new()).is_nan());
    }

    #[test]
    fn what_was_not_measured_is_a_dash() {
        let mut table = Table::new(["w1", "w2"]);
        table.figures("floor", [(1.25, 1), (f64::NAN, 1)]);
        let expected = "|  | w1 | w2 |\n|---|---:|---:|\n| floor | 1.2 | – |\n";
        assert_eq!(table.finish(), expected);
    }
}
