//! Title and tags of a page, known early or late.

use std::fmt::Write as _;

use anabranch_html::document::escape;
use anabranch_html::marker::head::title_element;
use maud::{Markup, Render};

use crate::scope::{self, Closed};

/// Title and tags for `<head>`.
///
/// Rendered in the page's own `<head>`, it stands there. Rendered inside a boundary it is a
/// *late head*: nothing shows in its place; it replaces the title and adds its tags to the head
/// when the boundary arrives. Of several titles the one last in the document wins, whatever
/// order they arrive in. Rendered by the closure of a loading view, by an error view or in a
/// shared future, it does nothing. A loading view that is given as markup has been rendered by
/// the component around it, so a `Head` in it is one of that component, or fails it.
///
/// ```
/// use anabranch_boundaries::Head;
/// use maud::html;
///
/// let page = html! {
///     head {
///         meta charset="utf-8";
///         (Head::title("Flights").meta("description", "All of 2013").link("canonical", "/flights"))
///     }
/// };
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    title: Option<String>,
    tags: Vec<Tag>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    /// Of two tags with the same key the later one wins.
    key: Option<String>,
    html: String,
}

impl Head {
    /// A head with this title, which is escaped.
    #[must_use]
    pub fn title(title: impl Into<String>) -> Self {
        Self {
            title: Some(title.into()),
            tags: Vec::new(),
        }
    }

    /// A head with neither title nor tags.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `<meta name="…" content="…">`, in place of one of the same name.
    #[must_use]
    pub fn meta(self, name: &str, content: &str) -> Self {
        self.tag("meta", ("name", name), ("content", content))
    }

    /// Adds `<meta property="…" content="…">`, in place of one of the same property.
    #[must_use]
    pub fn property(self, property: &str, content: &str) -> Self {
        self.tag("meta", ("property", property), ("content", content))
    }

    /// Adds `<link rel="…" href="…">`. There is one `canonical` link; of others, many.
    #[must_use]
    pub fn link(mut self, rel: &str, href: &str) -> Self {
        self = self.tag("link", ("rel", rel), ("href", href));
        if rel != "canonical"
            && let Some(tag) = self.tags.last_mut()
        {
            tag.key = Some(tag.html.clone());
        }
        self
    }

    /// Adds tags as they are. They hold no boundaries.
    #[must_use]
    pub fn tags(mut self, tags: Markup) -> Self {
        self.tags.push(Tag {
            key: None,
            html: tags.into_string(),
        });
        self
    }

    /// The title, if it has one.
    #[must_use]
    pub fn title_text(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Takes over the title and the tags of `later`.
    pub fn merge(&mut self, later: Self) {
        if later.title.is_some() {
            self.title = later.title;
        }
        for tag in later.tags {
            self.put(tag);
        }
    }

    /// Takes over the title of `late` and adds its tags, whatever tags there are.
    ///
    /// That is what a late head does to a document: what was sent cannot be taken back.
    pub fn append(&mut self, late: Self) {
        if late.title.is_some() {
            self.title = late.title;
        }
        self.tags.extend(late.tags);
    }

    /// Appends the tags without the title.
    pub fn write_tags(&self, out: &mut String) {
        for tag in &self.tags {
            out.push_str(&tag.html);
        }
    }

    /// The title and the tags, as they were given.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let tags = self.tags.iter().map(|tag| tag.html.as_str());
        self.title.as_deref().into_iter().chain(tags)
    }

    fn tag(mut self, element: &str, first: (&str, &str), second: (&str, &str)) -> Self {
        let mut html = format!("<{element} {}=\"", first.0);
        escape(&mut html, first.1);
        let key = html.clone();
        // Writing to a String cannot fail.
        let _ = write!(html, "\" {}=\"", second.0);
        escape(&mut html, second.1);
        html.push_str("\">");
        let key = Some(key);
        self.put(Tag { key, html });
        self
    }

    fn put(&mut self, tag: Tag) {
        if tag.key.is_some() {
            self.tags.retain(|known| known.key != tag.key);
        }
        self.tags.push(tag);
    }
}

impl Render for Head {
    fn render_to(&self, buffer: &mut String) {
        match scope::with(|scope| scope.head(self.clone())) {
            Ok(Some(token)) => token.write(buffer),
            Ok(None) => {}
            // Its place has no way to the head of the page.
            Err(Closed::Masked(_)) => {}
            // Outside a page there is nothing to come later.
            Err(Closed::NoPage) => {
                title_element(buffer, self.title_text());
                self.write_tags(buffer);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maud::html;

    #[test]
    fn outside_a_page_it_renders_itself() {
        let head = Head::title("a < b")
            .meta("description", "\"x\"")
            .property("og:title", "y")
            .tags(html! { style { "p{}" } });
        assert_eq!(
            html! { (head) }.into_string(),
            "<title>a &lt; b</title><meta name=\"description\" content=\"&quot;x&quot;\">\
             <meta property=\"og:title\" content=\"y\"><style>p{}</style>"
        );
    }

    #[test]
    fn the_later_of_two_wins() {
        let mut head = Head::title("outer")
            .meta("description", "outer")
            .link("canonical", "/outer")
            .link("icon", "/a");
        head.merge(
            Head::new()
                .meta("description", "inner")
                .link("canonical", "/inner")
                .link("icon", "/b"),
        );
        assert_eq!(
            html! { (head) }.into_string(),
            "<title>outer</title><link rel=\"icon\" href=\"/a\">\
             <meta name=\"description\" content=\"inner\">\
             <link rel=\"canonical\" href=\"/inner\"><link rel=\"icon\" href=\"/b\">"
        );
    }
}
