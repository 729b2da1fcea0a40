//! HTML from elsewhere, closed so that it cannot break the page around it.
//!
//! HTML that Markdown, a CMS or a mail was turned into goes into a page as it is
//! (`PreEscaped`), and whatever it leaves open takes the rest of the page along: a comment that
//! does not end swallows the boundaries behind it, a `</template>` ends the patch that it is sent
//! in. [`fragment`] parses such a text as a browser does and writes it again, closed:
//!
//! ```
//! use anabranch_fragments::fragment;
//! use maud::html;
//!
//! let comment = fragment("<p>Nice</template><b>page<!-- and");
//! let page = html! { article { (comment) } };
//! assert_eq!(page.into_string(), "<article><p>Nice<b>page</b></p></article>");
//! ```
//!
//! What holds for any input:
//! - The text is closed: nothing behind it is swallowed, and nothing before it is ended by a
//!   stray end tag. It stands in an element whose content is text and blocks, such as
//!   `div`, `article`, `section`, `li` or `td`; a `p`, `a`, `button` or `form` around it is no
//!   such place, because HTML lets a start tag end those.
//! - It parses alike with scripts and without, inside a template and outside, and parsing and
//!   writing it once more changes nothing. A text that does not come to rest so is shown as
//!   plain text.
//! - Nothing in it reads like a marker or patch of the stream, or shadows what the script of the
//!   stream asks the browser for.
//! - Length, depth and time are bounded, see [`MAX_BYTES`] and [`MAX_DEPTH`].
//!
//! Left out are comments, and what belongs to a page and not to a part of it: `html`, `head`,
//! `body`, `title`, `meta`, `base`, frames, and `noscript`, whose content is a matter of who
//! parses it. An `li`, `dd` or `dt` outside a list of the text becomes what is in it, and a
//! `template` outside any element of the text makes no shadow root of the element around it.
//!
//! It does *not* make HTML harmless: scripts, styles and forms stay.
#![cfg_attr(
    feature = "sanitize",
    doc = "What strangers wrote also needs [`Fragment::sanitized`]."
)]
#![cfg_attr(
    not(feature = "sanitize"),
    doc = "What strangers wrote also needs `Fragment::sanitized`, of the feature `sanitize`."
)]
//!
//! # Layout
//! - `settle`: parses and writes until nothing changes any more.
//! - `parse`: from text to tree, within bounds; `tree`: the nodes.
//! - `print`: from tree to text; `rules`: what stays.

mod parse;
mod print;
mod rules;
mod settle;
mod tree;

#[cfg(test)]
mod tests;

use maud::Render;

/// What is longer, in bytes, is cut there.
pub const MAX_BYTES: usize = 1 << 20;

/// What nests deeper is left out. Browsers flatten a page that nests deeper than 512 elements;
/// this leaves as many to the page.
pub const MAX_DEPTH: usize = 256;

/// HTML that stands on its own. Made by [`fragment`]; maud renders it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fragment {
    html: String,
    is_cut: bool,
}

/// Closes `html`, whatever it is, so that it can stand in a page. The [crate] says what that
/// means.
///
/// It takes microseconds for a comment and some milliseconds for a long article, on the thread
/// that calls it: a text that is shown often is better closed once, when it is stored.
pub fn fragment(html: impl AsRef<str>) -> Fragment {
    let settle::Settled { html, is_cut } = settle::settle(html.as_ref());
    if is_cut {
        tracing::warn!(
            bytes = html.len(),
            "a fragment was cut: it is longer or nests deeper than fragments may"
        );
    }
    Fragment { html, is_cut }
}

impl Fragment {
    /// Takes out all that could do harm, by the standard rules of [`ammonia`]: scripts, styles,
    /// forms, frames, handlers, every `id` and `class`, links other than to the usual schemes.
    /// Images of other sites stay.
    ///
    /// Where other rules are needed, write `fragment(builder.clean(html).to_string())` with a
    /// builder of ammonia's own.
    #[cfg(feature = "sanitize")]
    #[must_use]
    pub fn sanitized(self) -> Self {
        let settle::Settled { html, is_cut } = settle::settle(&ammonia::clean(&self.html));
        Self {
            html,
            is_cut: is_cut || self.is_cut,
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.html
    }

    /// The text.
    #[must_use]
    pub fn into_string(self) -> String {
        self.html
    }

    /// Whether something is missing because the input was too long, too deep, or too costly.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.is_cut
    }
}

impl Render for Fragment {
    fn render_to(&self, out: &mut String) {
        out.push_str(&self.html);
    }
}
