//! Where links lead. One that leads nowhere fails the build.

use std::collections::{HashMap, HashSet};
use std::fmt;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::book::{Book, Source};
use super::document::parser;

/// The ids of all headings of all pages.
pub(crate) struct Links<'a> {
    book: &'a Book,
    ids: HashMap<&'a str, Vec<String>>,
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To a page of the site, or a section of it; `markdown` is the same as Markdown.
    Page { url: String, markdown: String },
    /// To a file of the repository that is no page.
    File,
    /// To another site.
    Elsewhere(String),
}

/// A link that leads nowhere.
pub(crate) struct Problem {
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) why: String,
}

impl<'a> Links<'a> {
    pub(crate) fn new(book: &'a Book) -> Self {
        let sources = book.sources.iter();
        let ids = sources.map(|source| (&*source.file, ids(&source.markdown)));
        Self {
            book,
            ids: ids.collect(),
        }
    }

    /// The id of a heading of a page, the first below its title being number 0.
    pub(crate) fn id_of(&self, file: &str, number: usize) -> String {
        let ids = self.ids.get(file);
        let id = ids.and_then(|ids| ids.get(number));
        id.cloned().unwrap_or_default()
    }

    /// Where `to` leads from a page, or why it leads nowhere.
    pub(crate) fn resolve(&self, from: &Source, to: &str) -> Result<Target, String> {
        if to.contains("://") || to.starts_with("mailto:") {
            return Ok(Target::Elsewhere(to.to_owned()));
        }
        let (path, fragment) = match to.split_once('#') {
            Some((path, fragment)) => (path, Some(fragment)),
            None => (to, None),
        };
        let file = match path {
            "" => from.file.clone(),
            path => self.path(from, path),
        };
        let Some(page) = self.book.source(&file) else {
            return self.file(to, &file);
        };
        let ids = &self.ids[&*page.file];
        let Some(fragment) = fragment else {
            return Ok(Target::page(&page.url, ""));
        };
        if !ids.iter().any(|id| id == fragment) {
            return Err(format!("`{to}` leads to no heading of {file}"));
        }
        Ok(Target::page(&page.url, &format!("#{fragment}")))
    }

    /// The path from the root of the repository of a file that is named by a page.
    pub(crate) fn path(&self, from: &Source, to: &str) -> String {
        let folder = from.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut path: Vec<_> = folder.split('/').filter(|name| !name.is_empty()).collect();
        for name in to.split('/') {
            match name {
                ".." => drop(path.pop()),
                "." | "" => {}
                name => path.push(name),
            }
        }
        path.join("/")
    }

    fn file(&self, to: &str, file: &str) -> Result<Target, String> {
        if self.book.root.join(file).exists() {
            let is_chapter = file.starts_with("docs/") && file.ends_with(".md");
            return match is_chapter {
                true => Err(format!(
                    "`{to}` is no chapter: docs/README.md does not list it"
                )),
                false => Ok(Target::File),
            };
        }
        Err(format!("`{to}` leads nowhere: there is no {file}"))
    }
}

impl Target {
    fn page(url: &str, fragment: &str) -> Self {
        let name = if url == "/" { "/index" } else { url };
        Self::Page {
            url: format!("{url}{fragment}"),
            markdown: format!("{name}.md{fragment}"),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.why)
    }
}

/// The ids of the headings below the title, in order, as GitHub makes them.
fn ids(markdown: &str) -> Vec<String> {
    let mut ids = Vec::new();
    let mut taken = HashSet::new();
    let mut heading: Option<String> = None;
    for event in parser(markdown) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level != HeadingLevel::H1 => {
                heading = Some(String::new());
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    heading.push_str(&text);
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some(title) = heading.take() else {
                    continue;
                };
                let id = id(&title);
                let mut unique = id.clone();
                let mut number = 0;
                while !taken.insert(unique.clone()) {
                    number += 1;
                    unique = format!("{id}-{number}");
                }
                ids.push(unique);
            }
            _ => {}
        }
    }
    ids
}

fn id(title: &str) -> String {
    let kept = title.to_lowercase();
    let kept = kept.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        '-' | '_' => Some(c),
        c => c.is_alphanumeric().then_some(c),
    });
    kept.collect()
}
