//! The tags of a table.

use pulldown_cmark::Alignment;

use super::highlight::escaped;

/// The table that is under way.
#[derive(Default)]
pub(crate) struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_body: bool,
    /// How many there were before: two under one heading need different labels.
    before: usize,
}

impl Table {
    /// Begins a table in a frame that can be scrolled, by the keyboard too.
    pub(crate) fn start(&mut self, alignments: Vec<Alignment>, heading: &str) -> String {
        *self = Self {
            alignments,
            before: self.before + 1,
            ..Self::default()
        };
        let label = format!("Table {}: {}", self.before, escaped(heading));
        format!(
            "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{label}\"><table>"
        )
    }

    pub(crate) fn end_head(&mut self) -> &'static str {
        self.in_body = true;
        "</tr></thead><tbody>\n"
    }

    pub(crate) fn start_row(&mut self) -> &'static str {
        self.column = 0;
        "<tr>"
    }

    /// Cells say by a class how they are aligned: a policy need not allow inline styles for it.
    pub(crate) fn start_cell(&mut self) -> String {
        let class = match self.alignments.get(self.column) {
            Some(Alignment::Right) => " class=\"right\"",
            Some(Alignment::Center) => " class=\"center\"",
            _ => "",
        };
        self.column += 1;
        if self.in_body {
            format!("<td{class}>")
        } else {
            format!("<th scope=\"col\"{class}>")
        }
    }

    /// Ends a cell. One without content stands for itself, with its beginning: it heads nothing.
    pub(crate) fn end_cell(&self, is_empty: bool) -> &'static str {
        match (is_empty, self.in_body) {
            (true, _) => "<td></td>",
            (false, true) => "</td>",
            (false, false) => "</th>",
        }
    }
}
