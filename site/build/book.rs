//! Which files of the repository are pages, in which order, and at which URLs.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// The list of the chapters, and the order in which they are read.
const GUIDE: &str = "docs/README.md";

/// What a run of the benchmarks writes; it may not be there.
const RESULTS: &str = "benchmarks/RESULTS.md";

/// Pages that are no chapters: file, URL, and what is said of them.
const OTHERS: [(&str, &str, &str); 5] = [
    (
        "benchmarks/README.md",
        "/benchmarks",
        "what streaming costs, measured beside others",
    ),
    (
        RESULTS,
        "/benchmarks/results",
        "what the last run has measured, as it was written",
    ),
    (
        "ARCHITECTURE.md",
        "/project/architecture",
        "how it works inside",
    ),
    (
        "CONTRIBUTING.md",
        "/project/contributing",
        "commands, rules, and why",
    ),
    (
        "CHANGELOG.md",
        "/project/changelog",
        "what changed for its users",
    ),
];

/// All files that become pages.
pub(crate) struct Book {
    /// The folder of the repository.
    pub(crate) root: PathBuf,
    pub(crate) sources: Vec<Source>,
}

/// A file that becomes a page.
pub(crate) struct Source {
    /// Its path from the root of the repository.
    pub(crate) file: String,
    pub(crate) url: String,
    /// The list that it stands in; the chapters of one are read in order.
    pub(crate) group: String,
    /// What the list says of it.
    pub(crate) about: String,
    pub(crate) markdown: String,
}

impl Book {
    /// Reads every file that `docs/README.md` lists, and those that are always there.
    pub(crate) fn read(root: &Path) -> Result<Self, String> {
        let guide = read(root, GUIDE)?;
        let chapters = chapters(&guide);
        if chapters.is_empty() {
            return Err(format!("{GUIDE}: lists no chapters"));
        }
        let front = [
            entry("README.md", "/", "", ""),
            entry(GUIDE, "/guide", "", "all chapters"),
        ];
        let others = OTHERS.map(|(file, url, about)| entry(file, url, "The project", about));
        let entries = front.into_iter().chain(chapters).chain(others);
        let entries =
            entries.filter(|source| source.file != RESULTS || root.join(RESULTS).exists());
        let sources = entries.map(|source| {
            let markdown = read(root, &source.file)?;
            Ok(Source { markdown, ..source })
        });
        Ok(Self {
            root: root.to_owned(),
            sources: sources.collect::<Result<_, String>>()?,
        })
    }

    /// The page that is made of a file.
    pub(crate) fn source(&self, file: &str) -> Option<&Source> {
        self.sources.iter().find(|source| source.file == file)
    }

    /// What the build depends on.
    pub(crate) fn inputs(&self) -> Vec<PathBuf> {
        let files = self
            .sources
            .iter()
            .map(|source| self.root.join(&source.file));
        // Pictures stand beside the chapters.
        files.chain([self.root.join("docs")]).collect()
    }
}

/// The items of the lists whose first link leads to a file beside the list.
fn chapters(guide: &str) -> Vec<Source> {
    let mut found: Vec<Source> = Vec::new();
    let (mut paragraph, mut group) = (String::new(), String::new());
    let (mut in_item, mut in_title, mut is_open) = (false, false, false);
    for event in Parser::new(guide) {
        match event {
            Event::Start(Tag::Paragraph) => paragraph.clear(),
            Event::Start(Tag::List(_)) => group = paragraph.trim_end_matches(':').to_owned(),
            Event::Start(Tag::Item) => in_item = true,
            Event::End(TagEnd::Item) => (in_item, is_open) = (false, false),
            Event::Start(Tag::Link { dest_url, .. }) if in_item && !is_open => {
                let slug = dest_url
                    .strip_suffix(".md")
                    .filter(|slug| !slug.contains('/'));
                let Some(slug) = slug else { continue };
                let file = format!("docs/{dest_url}");
                found.push(entry(&file, &format!("/guide/{slug}"), &group, ""));
                (is_open, in_title) = (true, true);
            }
            Event::End(TagEnd::Link) => in_title = false,
            Event::Text(text) | Event::Code(text) => match found.last_mut() {
                Some(chapter) if is_open && !in_title => chapter.about.push_str(&text),
                _ if !in_item => paragraph.push_str(&text),
                _ => {}
            },
            _ => {}
        }
    }
    for chapter in &mut found {
        chapter.about = chapter.about.trim_start_matches(':').trim().to_owned();
    }
    found
}

fn entry(file: &str, url: &str, group: &str, about: &str) -> Source {
    Source {
        file: file.to_owned(),
        url: url.to_owned(),
        group: group.to_owned(),
        about: about.to_owned(),
        markdown: String::new(),
    }
}

fn read(root: &Path, file: &str) -> Result<String, String> {
    fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))
}
