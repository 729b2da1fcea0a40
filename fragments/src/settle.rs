//! Parses and writes a text until nothing changes any more.
//!
//! Writing a tree and parsing it again may give another tree: a form in a form, a link in a link,
//! an element that changes its namespace on the way. What looked harmless in the first tree can
//! be a tag in the second. So a text counts only when the tree that it parses to is written as
//! the same text, with nothing left out.

use crate::MAX_BYTES;
use crate::parse::{Parsed, parse};
use crate::print::{Printed, print, print_text};

/// A text that parses to a tree that is written as this text.
pub(crate) struct Settled {
    pub(crate) html: String,
    /// Whether something was too much.
    pub(crate) is_cut: bool,
}

/// How often a text is parsed before it is shown as plain text. Nearly all need two rounds.
pub(crate) const ROUNDS: usize = 6;

pub(crate) fn settle(raw: &str) -> Settled {
    let start = &raw[..raw.floor_char_boundary(MAX_BYTES)];
    let mut is_cut = start.len() < raw.len();
    let mut html = start.to_owned();
    let mut text = String::new();
    for _ in 0..ROUNDS {
        let parsed = parse(&html);
        is_cut |= parsed.is_cut;
        text = print_text(&parsed.tree);
        let Some(printed) = write(&parsed, html.len()) else {
            is_cut = true;
            break;
        };
        if !printed.has_dropped && printed.html == html {
            return Settled { html, is_cut };
        }
        html = printed.html;
    }
    Settled { html: text, is_cut }
}

/// Writes a tree; `None` if it is out of proportion to the `length` that it was parsed from:
/// formatting that is not closed is repeated in every paragraph.
fn write(parsed: &Parsed, length: usize) -> Option<Printed> {
    print(&parsed.tree, 4 * length + 4096)
}
