//! Links that are built, not typed.

use std::fmt::{self, Display, Write as _};

use maud::Render;

use super::canonical::{self, is_unreserved};

/// A link into the app, with every value percent-encoded.
///
/// The builders that are generated from the `app/` tree return it.
///
/// ```
/// use anabranch_router::app::Href;
///
/// let link = Href::new("/airports").segment("JFK/1").query("day", "4 July");
/// assert_eq!(link.to_string(), "/airports/JFK%2F1?day=4%20July");
/// ```
///
/// A URL has no spelling for a segment that is empty, `.` or `..`: browsers and servers drop
/// those, and with it what stands before. A link with such a value leads to a page that is not
/// found.
#[must_use = "a link does nothing unless it stands in a page"]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Href {
    url: String,
    has_query: bool,
}

impl Href {
    /// A link to a path that is percent-encoded where it has to be.
    pub fn new(path: &'static str) -> Self {
        Self {
            url: path.to_owned(),
            has_query: false,
        }
    }

    /// Adds segments that are percent-encoded where they have to be: `/map`.
    pub fn literal(mut self, path: &'static str) -> Self {
        if self.url.ends_with('/') {
            self.url.pop();
        }
        self.url.push_str(path);
        self
    }

    /// Adds a segment.
    pub fn segment(mut self, value: impl Display) -> Self {
        if !self.url.ends_with('/') {
            self.url.push('/');
        }
        let text = value.to_string();
        if matches!(&*text, "" | "." | "..") {
            // No page has it, and nobody drops it.
            self.url.push_str("%00");
        }
        text.bytes()
            .for_each(|byte| canonical::encode(&mut self.url, byte));
        self
    }

    /// Adds segments, one for each value.
    pub fn segments<T: Display>(self, values: impl IntoIterator<Item = T>) -> Self {
        values.into_iter().fold(self, Self::segment)
    }

    /// Adds `key=value` to the query.
    pub fn query(mut self, key: impl Display, value: impl Display) -> Self {
        self.url.push(if self.has_query { '&' } else { '?' });
        self.has_query = true;
        self.encode(key);
        self.url.push('=');
        self.encode(value);
        self
    }

    /// Adds `#fragment`. It comes last.
    pub fn fragment(mut self, fragment: impl Display) -> Self {
        self.url.push('#');
        self.encode(fragment);
        self
    }

    /// The link.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.url
    }

    fn encode(&mut self, value: impl Display) {
        // Writing to a String cannot fail.
        let _ = write!(Encoder(&mut self.url), "{value}");
    }
}

/// Writes text with all but unreserved characters percent-encoded.
struct Encoder<'u>(&'u mut String);

impl fmt::Write for Encoder<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for byte in text.bytes() {
            if is_unreserved(byte) {
                self.0.push(char::from(byte));
            } else {
                write!(self.0, "%{byte:02X}")?;
            }
        }
        Ok(())
    }
}

impl Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

impl Render for Href {
    fn render_to(&self, buffer: &mut String) {
        self.url.render_to(buffer);
    }
}

impl AsRef<str> for Href {
    fn as_ref(&self) -> &str {
        &self.url
    }
}

impl From<Href> for String {
    fn from(href: Href) -> Self {
        href.url
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::canonical::Spelling;

    #[test]
    fn values_cannot_leave_their_place() {
        let href = Href::new("/")
            .segment("a/../b?c#d")
            .segment("\u{e9} %2e\"<>\\")
            .query("q&a", "x=1&y")
            .query("n", 5)
            .fragment("top of it");
        assert_eq!(
            href.as_str(),
            "/a%2F..%2Fb%3Fc%23d/%C3%A9%20%252e%22%3C%3E%5C?q%26a=x%3D1%26y&n=5#top%20of%20it"
        );
        assert_eq!(
            maud::html! { a href=(Href::new("/x").query("a", 1).query("b", 2)) {} }.into_string(),
            r#"<a href="/x?a=1&amp;b=2"></a>"#
        );
    }

    #[test]
    fn a_value_does_not_lead_out_of_its_folder() {
        for value in ["", ".", ".."] {
            let href = Href::new("/users").segment(value).literal("/delete");
            let path = href.as_str();
            let refused = Spelling::Refused {
                safe: "/users".into(),
            };
            assert_eq!(canonical::spelling(path), refused, "{path}");
            assert!(
                path.split('/')
                    .all(|segment| !["..", "."].contains(&segment)),
                "{path}"
            );
            assert!(!path.contains("//"), "{path}");
        }
    }

    #[test]
    fn parts_are_joined_with_one_slash() {
        assert_eq!(Href::new("/").as_str(), "/");
        assert_eq!(
            Href::new("/")
                .literal("/x")
                .segment(1)
                .literal("/y")
                .as_str(),
            "/x/1/y"
        );
        let docs = Href::new("/docs");
        assert_eq!(
            docs.clone().segments(["a", "b/c"]).as_str(),
            "/docs/a/b%2Fc"
        );
        assert_eq!(docs.segments([""; 0]).as_str(), "/docs");
    }
}
