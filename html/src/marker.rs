//! Placeholders and patches: the markers that pair a place in the page with content that follows.
//!
//! A browser without the native swap parses `<?…>` as a comment, so markers are legal where an
//! element is not: in `table`, `tbody`, `ul`, `select` and `head`. Their attributes are quoted,
//! because an unquoted `name=0` never matches in the native swap.

use std::fmt;

/// Name of one boundary on the wire: a counter of the response, written in base 36.
///
/// Short, because it is written twice per boundary: 46,656 boundaries need at most three
/// characters, which keeps every one below 60 bytes of overhead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(pub u32);

impl Name {
    /// How many boundaries a response can name: the next name would be that of the place for late
    /// tags in the [`head`].
    pub const COUNT: u32 = 811_669;

    /// Appends the name.
    pub fn write(self, out: &mut String) {
        const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
        if self.0 >= 36 {
            Self(self.0 / 36).write(out);
        }
        out.push(char::from(DIGITS[(self.0 % 36) as usize]));
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut name = String::new();
        self.write(&mut name);
        f.write_str(&name)
    }
}

/// Who swaps a patch into its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// The browser, by the HTML standard; the bridge where the browser cannot.
    Native,
    /// The bridge in every browser: its index makes a patch cost the same however many there
    /// are, where the native swap looks for its marker from the start of the document.
    Bridge,
}

/// Writes the marker before a loading view.
pub fn open_placeholder(out: &mut String, name: Name) {
    out.push_str("<?start name=\"");
    name.write(out);
    out.push_str("\">");
}

/// Writes the marker after a loading view.
pub fn close_placeholder(out: &mut String) {
    out.push_str("<?end>");
}

/// Opens the patch that replaces the placeholder `name`.
pub fn open_patch(out: &mut String, name: Name, swap: Swap) {
    match swap {
        Swap::Native => {
            out.push_str("<template for=\"");
            name.write(out);
            out.push_str("\">");
        }
        // A template is an ordinary element, so its attribute needs no quotes; without them a
        // name of three characters stays below 60 bytes.
        Swap::Bridge => {
            out.push_str("<template data-for=");
            name.write(out);
            out.push('>');
        }
    }
}

/// Closes a patch.
pub fn close_patch(out: &mut String) {
    out.push_str("</template>");
}

/// The range around `<title>` and the point for late tags, which make a head replaceable while
/// the response is open. Neither name is that of a boundary: there are [`Name::COUNT`], which come
/// before.
pub mod head {
    use super::{Swap, close_patch, close_placeholder};

    pub(super) const TITLE: &str = "title";
    pub(super) const TAGS: &str = "head";

    /// Writes the title, if there is one yet, inside its range.
    pub fn title_range(out: &mut String, title: Option<&str>) {
        out.push_str("<?start name=\"title\">");
        title_element(out, title);
        close_placeholder(out);
    }

    /// Writes the point at which late tags are added.
    pub fn tags_point(out: &mut String) {
        out.push_str("<?marker name=\"head\">");
    }

    /// Writes a patch that replaces the title and keeps it replaceable.
    pub fn title_patch(out: &mut String, swap: Swap, title: Option<&str>) {
        patch(out, TITLE, swap, |out| title_range(out, title));
    }

    /// Writes a patch that adds `tags` (ready-made HTML) and keeps the point.
    pub fn tags_patch(out: &mut String, swap: Swap, tags: &str) {
        patch(out, TAGS, swap, |out| {
            out.push_str(tags);
            tags_point(out);
        });
    }

    /// Writes the patches that put the title in its final form and remove both markers.
    pub fn close(out: &mut String, swap: Swap, title: Option<&str>) {
        patch(out, TITLE, swap, |out| title_element(out, title));
        patch(out, TAGS, swap, |_| {});
    }

    /// Writes `<title>`, with its text escaped, if there is one.
    pub fn title_element(out: &mut String, title: Option<&str>) {
        if let Some(title) = title {
            out.push_str("<title>");
            crate::document::escape(out, title);
            out.push_str("</title>");
        }
    }

    fn patch(out: &mut String, name: &str, swap: Swap, content: impl FnOnce(&mut String)) {
        out.push_str(match swap {
            Swap::Native => "<template for=\"",
            Swap::Bridge => "<template data-for=\"",
        });
        out.push_str(name);
        out.push_str("\">");
        content(out);
        close_patch(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn names_count_in_base_36() {
        let names = [0, 9, 10, 35, 36, 1295, 1296, 46_655, u32::MAX];
        let text = names.map(|n| written(|out| Name(n).write(out)));
        assert_eq!(
            text,
            ["0", "9", "a", "z", "10", "zz", "100", "zzz", "1z141z3"]
        );
    }

    #[test]
    fn no_boundary_has_a_name_of_the_head() {
        let number = |name| u32::from_str_radix(name, 36).unwrap();
        assert_eq!(number(head::TAGS), Name::COUNT);
        assert!(number(head::TITLE) > Name::COUNT);
    }

    #[test]
    fn a_placeholder_and_its_patch_are_the_standard_s() {
        let bytes = written(|out| {
            open_placeholder(out, Name(11));
            out.push_str("Loading…");
            close_placeholder(out);
            open_patch(out, Name(11), Swap::Native);
            out.push_str("<p>Done</p>");
            close_patch(out);
        });
        assert_eq!(
            bytes,
            "<?start name=\"b\">Loading…<?end><template for=\"b\"><p>Done</p></template>"
        );
    }

    #[test]
    fn no_boundary_costs_more_than_60_bytes() {
        for swap in [Swap::Native, Swap::Bridge] {
            for name in [0, 36, 46_655] {
                let overhead = written(|out| {
                    open_placeholder(out, Name(name));
                    close_placeholder(out);
                    open_patch(out, Name(name), swap);
                    close_patch(out);
                });
                assert!(overhead.len() <= 60, "{swap:?} {overhead}");
            }
        }
    }

    #[test]
    fn a_late_head_stays_replaceable_until_it_is_closed() {
        assert_eq!(
            written(|out| head::title_patch(out, Swap::Native, Some("3 < 4"))),
            "<template for=\"title\"><?start name=\"title\"><title>3 &lt; 4</title><?end></template>"
        );
        assert_eq!(
            written(|out| head::tags_patch(out, Swap::Bridge, "<meta name=\"a\">")),
            "<template data-for=\"head\"><meta name=\"a\"><?marker name=\"head\"></template>"
        );
        assert_eq!(
            written(|out| head::close(out, Swap::Native, Some("Done"))),
            "<template for=\"title\"><title>Done</title></template><template for=\"head\"></template>"
        );
    }
}
