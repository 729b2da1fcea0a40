//! The judgement without a browser: a streamed response, assembled from its bytes.
//!
//! [`assemble`] parses a response as every browser without the native swap does, where markers
//! are comments, then applies the patches in the order of the wire, strictly: what a browser
//! would quietly leave undone is a [`Violation`] here. [`whole`] parses a page that was sent in
//! one piece. Both give the document in one notation, so that equal pages are equal strings:
//!
//! - one line per tag, text, comment and doctype; texts in quotes, neighbouring ones joined;
//! - attributes in the order of their names; newlines and backslashes escaped;
//! - elements of drawings and formulas as `<svg path>` and `<math mi>`, because HTML of the same
//!   name in their place shows nothing;
//! - no scripts, markers and padding of the stream itself, and nothing of the inspector;
//! - error ids, which differ from response to response, masked.
//!
//! ```
//! use anabranch_paint::dom;
//!
//! let streamed = br#"<ul><?start name="0"><li>Loading</li><?end></ul><template for="0"><li>Done</li></template></body></html><!--$a-->"#;
//! let whole = b"<ul><li>Done</li></ul>";
//! assert_eq!(dom::assemble(streamed)?.html(), dom::whole(whole)?);
//! # Ok::<(), dom::Violation>(())
//! ```
//!
//! Time and memory are linear in the length of the response, for a given depth of nesting.

mod assemble;
mod difference;
mod normal;
mod sink;
mod tree;
mod violation;
mod wire;

#[cfg(test)]
mod tests;

pub use difference::first_difference;
pub use violation::Violation;
pub(crate) use wire::{INSPECTOR, Meaning, TRIGGER, comment};

/// A streamed response with all of its patches applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assembled {
    html: String,
    patches: Vec<String>,
}

impl Assembled {
    /// The document, in the notation of this module.
    #[must_use]
    pub fn html(&self) -> &str {
        &self.html
    }

    /// The names of the patches, in the order of the wire.
    #[must_use]
    pub fn patches(&self) -> &[String] {
        &self.patches
    }
}

/// Parses a streamed response and applies its patches.
///
/// # Errors
/// When the stream breaks a rule of the wire.
pub fn assemble(response: &[u8]) -> Result<Assembled, Violation> {
    assemble_parts([response])
}

/// Like [`assemble`], for a response that arrives in parts, which may end anywhere: inside of a
/// tag, or of a character.
///
/// # Errors
/// When the stream breaks a rule of the wire.
pub fn assemble_parts<'a>(
    parts: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Assembled, Violation> {
    let (tree, patches) = assemble::apply_patches(sink::parse(parts))?;
    let html = normal::write(&tree);
    Ok(Assembled { html, patches })
}

/// The document as it shows while the response is still open: with the patches that have arrived,
/// and loading views where there are none yet.
///
/// ```
/// use anabranch_paint::dom;
///
/// let shell = br#"<ul><?start name="0"><li>Loading</li><?end></ul>"#;
/// assert_eq!(dom::so_far(shell)?, dom::whole(b"<ul><li>Loading</li></ul>")?);
/// # Ok::<(), dom::Violation>(())
/// ```
///
/// # Errors
/// When what has arrived breaks a rule of the wire.
pub fn so_far(response: &[u8]) -> Result<String, Violation> {
    let tree = assemble::apply_so_far(sink::parse([response]))?;
    Ok(normal::write(&tree))
}

/// Parses a page that was sent in one piece.
///
/// # Errors
/// When something of a stream is in it: a marker, a patch, the end marker.
pub fn whole(response: &[u8]) -> Result<String, Violation> {
    let tree = sink::parse([response]);
    assemble::check_whole(&tree)?;
    Ok(normal::write(&tree))
}
