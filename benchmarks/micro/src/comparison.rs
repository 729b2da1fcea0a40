//! Counts beside those of the baseline.

use std::fmt;

use crate::baseline::Counts;

/// What a count may differ before it is a change: what the addresses of a process and the seeds of
/// its hashes make of it is less.
const TOLERANCE: f64 = 0.02;

/// Cases that are in both.
pub(crate) struct Comparison {
    rows: Vec<Row>,
}

struct Row {
    case: String,
    before: Option<u64>,
    now: u64,
}

impl Comparison {
    pub(crate) fn new(before: &Counts, now: &Counts) -> Self {
        let row = |(case, &now): (&String, &u64)| Row {
            case: case.clone(),
            before: before.get(case).copied(),
            now,
        };
        Self {
            rows: now.iter().map(row).collect(),
        }
    }

    /// Whether a case takes more instructions than before, or was not counted before.
    pub(crate) fn is_slower(&self) -> bool {
        self.rows
            .iter()
            .any(|row| row.change().is_none_or(|change| change > TOLERANCE))
    }

    /// Whether a case takes fewer.
    pub(crate) fn is_faster(&self) -> bool {
        let changes = self.rows.iter().filter_map(Row::change);
        changes.into_iter().any(|change| change < -TOLERANCE)
    }
}

impl Row {
    fn change(&self) -> Option<f64> {
        Some(self.now as f64 / self.before? as f64 - 1.0)
    }
}

/// A table in Markdown.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| instructions | baseline | now | change |")?;
        writeln!(f, "|---|---:|---:|---:|")?;
        for row in &self.rows {
            let Row { case, before, now } = row;
            let before = before.map_or_else(|| "–".to_owned(), |before| before.to_string());
            let change = row.change().map_or_else(
                || "new".to_owned(),
                |change| format!("{:+.2} %", 100.0 * change),
            );
            writeln!(f, "| {case} | {before} | {now} | {change} |")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts<const N: usize>(counts: [(&str, u64); N]) -> Counts {
        counts.map(|(case, n)| (case.to_owned(), n)).into()
    }

    #[test]
    fn more_than_the_tolerance_is_slower_and_so_is_what_has_no_baseline() {
        let before = counts([("page", 1000)]);
        let compared = |now| Comparison::new(&before, &counts([("page", now)]));
        assert!(!compared(1019).is_slower());
        assert!(compared(1021).is_slower());
        assert!(compared(979).is_faster());
        assert!(!compared(981).is_faster());
        assert!(Comparison::new(&counts([]), &before).is_slower());
    }
}
