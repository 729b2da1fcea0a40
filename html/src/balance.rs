//! Whether a piece of HTML can stand in a page that is sent out of order.
//!
//! What a component returns is followed by more: the rest of the page, then the patches of other
//! boundaries. HTML that maud wrote is always closed; a text that was taken as it is
//! (`PreEscaped`) may not be, and may swallow or close what follows. [`check`] finds that in one
//! pass over the text, with no tree and no dependency: it is meant for debug builds and tests, and
//! judges only what every parser does alike. What changes the look of a page but not its framing,
//! such as a misplaced `<td>`, is none of its business.

mod checker;
mod lex;
mod names;
mod place;

#[cfg(test)]
mod tests;

use std::fmt;

use checker::Checker;
use place::Holes;
pub use place::{Place, is_row};

/// What a piece of HTML is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The page itself, which may close `</body></html>` at its end.
    Page,
    /// The content of a boundary.
    Content,
}

/// The first thing in a text that breaks the framing of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flaw<'a> {
    /// What it does.
    pub kind: FlawKind<'a>,
    /// Offset in bytes.
    pub at: usize,
    /// The text from there, shortened.
    pub excerpt: &'a str,
}

/// What breaks the framing of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FlawKind<'a> {
    /// A comment that does not end.
    OpenComment,
    /// A CDATA section that does not end.
    OpenCdata,
    /// A tag without its `>`.
    OpenTag,
    /// An attribute value without its closing quote.
    OpenQuote,
    /// An element of this name that is not closed.
    OpenElement(&'a str),
    /// An end tag of this name that closes what was opened elsewhere.
    StrayEnd(&'a str),
    /// A comment or processing instruction that reads like a marker of the stream.
    Marker,
    /// A template that reads like a patch of the stream.
    Patch,
    /// `<plaintext>`, which cannot be closed.
    Plaintext,
    /// Elements in elements in elements, more than [`MAX_DEPTH`] of them.
    TooDeep,
}

/// Browsers flatten what nests deeper than this.
pub const MAX_DEPTH: usize = 512;

impl fmt::Display for Flaw<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            FlawKind::OpenComment => f.write_str("a comment that does not end"),
            FlawKind::OpenCdata => f.write_str("a CDATA section that does not end"),
            FlawKind::OpenTag => f.write_str("a tag without its '>'"),
            FlawKind::OpenQuote => f.write_str("an attribute without its closing quote"),
            FlawKind::OpenElement(name) => write!(f, "a <{name}> that is not closed"),
            FlawKind::StrayEnd(name) => write!(f, "a </{name}> that nothing here opens"),
            FlawKind::Marker => f.write_str("a marker like those of the stream"),
            FlawKind::Patch => f.write_str("a <template> like the patches of the stream"),
            FlawKind::Plaintext => f.write_str("a <plaintext>, which nothing can close"),
            FlawKind::TooDeep => write!(f, "more than {MAX_DEPTH} elements in each other"),
        }?;
        write!(f, ", at byte {}: {:?}", self.at, self.excerpt)
    }
}

/// Checks that `text` leaves the framing of its page alone. Time is linear in its length.
///
/// ```
/// use anabranch_html::balance::{FlawKind, Part, check};
///
/// assert!(check("<p>One<p>Two <b>and</b> more", Part::Content).is_ok());
/// let flaw = check("<p>Text</p><!-- no end", Part::Content).unwrap_err();
/// assert_eq!((flaw.kind, flaw.at), (FlawKind::OpenComment, 11));
/// ```
///
/// # Errors
/// The first flaw.
pub fn check(text: &str, part: Part) -> Result<(), Flaw<'_>> {
    let checked = Checker::new(part, Holes::default()).check(text);
    checked.map_err(|(at, kind)| Flaw {
        kind,
        at,
        excerpt: excerpt(&text[at..]),
    })
}

/// Where in `text` a boundary cannot stand, by the offsets of the boundaries' `holes`, in order.
///
/// A boundary is a pair of markers and a patch that is parsed on its own. Where a parser sees no
/// markers, or makes other nodes of the patch, its content would never arrive, or wrongly.
///
/// ```
/// use anabranch_html::balance::{Part, Place, misplaced};
///
/// let text = "<title>#</title><p>#</p><svg>#</svg>";
/// let found = misplaced(text, Part::Content, &[7, 19, 29]);
/// assert_eq!(found, [(7, Place::Text("title")), (29, Place::Drawing("svg"))]);
/// ```
#[must_use]
pub fn misplaced<'a>(text: &'a str, part: Part, holes: &[usize]) -> Vec<(usize, Place<'a>)> {
    let mut checker = Checker::new(part, Holes::new(holes));
    // What is wrong beside the boundaries is the matter of `check`.
    let _ = checker.check(text);
    checker.holes.found
}

/// Up to a NUL, which no HTML has and with which private marks begin.
fn excerpt(text: &str) -> &str {
    const LENGTH: usize = 60;
    let text = text.split('\0').next().unwrap_or(text);
    &text[..text.floor_char_boundary(LENGTH)]
}
