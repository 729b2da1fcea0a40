//! The pages that the build made of the Markdown of the repository.

include!(concat!(env!("OUT_DIR"), "/guide.rs"));

/// A page that was made of a Markdown file.
#[derive(Debug)]
pub struct Page {
    /// Its path on the site.
    pub url: &'static str,
    /// Its first heading.
    pub title: &'static str,
    /// What the list of chapters says of it.
    pub about: &'static str,
    /// The list that it stands in; empty for what stands in none.
    pub group: &'static str,
    /// The file, from the root of the repository.
    pub file: &'static str,
    /// The file, with links to pages of the site.
    pub markdown: &'static str,
    /// Its HTML, without the title.
    pub parts: &'static [Part],
    /// Its headings, in order.
    pub headings: &'static [Heading],
}

/// What stands below a heading of the second level, with that heading.
#[derive(Debug)]
pub struct Part {
    /// The id of the heading; empty for what stands before the first one.
    pub id: &'static str,
    /// Its HTML.
    pub html: &'static str,
}

/// A heading below the title of a page.
#[derive(Debug)]
pub struct Heading {
    /// From 2 on.
    pub level: u8,
    /// What links lead to.
    pub id: &'static str,
    /// Its text.
    pub title: &'static str,
}

/// The text between two headings.
#[derive(Debug)]
pub struct Section {
    /// The number of its page.
    pub page: usize,
    /// The id of its heading; empty for the beginning of the page.
    pub id: &'static str,
    /// The text of its heading; empty for the beginning of the page.
    pub title: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// A picture in the repository.
#[derive(Debug)]
pub struct Picture {
    /// Where it is on the site.
    pub url: &'static str,
    /// In CSS pixels.
    pub width: u32,
    /// In CSS pixels.
    pub height: u32,
}

impl Page {
    /// The page at a path.
    #[must_use]
    pub fn at(url: &str) -> Option<&'static Self> {
        PAGES.iter().find(|page| page.url == url)
    }

    /// The pages that lists name, in reading order.
    pub fn listed() -> impl Iterator<Item = &'static Self> {
        PAGES.iter().filter(|page| !page.group.is_empty())
    }

    /// The lists, each with its pages.
    #[must_use]
    pub fn groups() -> Vec<(&'static str, Vec<&'static Self>)> {
        let mut groups: Vec<(&str, Vec<&Self>)> = Vec::new();
        for page in Self::listed() {
            match groups.last_mut() {
                Some((group, pages)) if *group == page.group => pages.push(page),
                _ => groups.push((page.group, vec![page])),
            }
        }
        groups
    }

    /// The pages before it and behind it in reading order.
    #[must_use]
    pub fn neighbours(&self) -> (Option<&'static Self>, Option<&'static Self>) {
        let pages: Vec<_> = Self::listed().collect();
        let Some(at) = pages.iter().position(|page| page.url == self.url) else {
            return (None, None);
        };
        let before = at.checked_sub(1).and_then(|before| pages.get(before));
        (before.copied(), pages.get(at + 1).copied())
    }

    /// The path of the page as Markdown.
    #[must_use]
    pub fn markdown_url(&self) -> String {
        match self.url {
            "/" => "/index.md".to_owned(),
            url => format!("{url}.md"),
        }
    }
}
