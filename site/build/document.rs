//! From the Markdown of a page to its HTML, its headings, and the sections that are searched.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::book::{Book, Source};
use super::highlight::{escaped, highlighted};
use super::links::{Links, Problem, Target};
use super::picture;
use super::table::Table;

/// A page, as it is written to the folder of the build.
pub(crate) struct Document {
    pub(crate) title: String,
    /// The text of the first paragraph.
    pub(crate) lead: String,
    /// What stands before the first heading of the second level, and then one for each.
    pub(crate) parts: Vec<Part>,
    pub(crate) headings: Vec<Heading>,
    pub(crate) sections: Vec<Section>,
    /// The Markdown, with links to pages of the site.
    pub(crate) markdown: String,
}

/// A heading of the second level with all below it.
pub(crate) struct Part {
    pub(crate) id: String,
    pub(crate) html: String,
}

pub(crate) struct Heading {
    pub(crate) level: u8,
    pub(crate) id: String,
    pub(crate) title: String,
}

/// The text between two headings.
#[derive(Default)]
pub(crate) struct Section {
    /// The id of its heading; empty for the beginning of the page.
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) text: String,
}

/// Renders all pages, or says what is wrong with any of them.
pub(crate) fn render(book: &Book) -> Result<Vec<Document>, String> {
    let links = Links::new(book);
    let mut problems = Vec::new();
    let pages = book.sources.iter();
    let pages = pages
        .map(|source| Renderer::new(book, source, &links, &mut problems).render())
        .collect();
    if problems.is_empty() {
        return Ok(pages);
    }
    let problems: Vec<_> = problems.iter().map(Problem::to_string).collect();
    Err(problems.join("\n"))
}

/// The extensions of Markdown that the pages use.
pub(crate) fn parser(markdown: &str) -> Parser<'_> {
    Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH,
    )
}

struct Renderer<'a> {
    book: &'a Book,
    source: &'a Source,
    links: &'a Links<'a>,
    problems: &'a mut Vec<Problem>,
    /// Events of the part that is under way.
    events: Vec<Event<'a>>,
    part: String,
    /// Where the heading that is under way begins in `events`.
    heading: Option<usize>,
    code: Option<(String, String)>,
    in_image: bool,
    table: Table,
    /// Whether the links that are under way are shown as such.
    linked: Vec<bool>,
    /// What replaces which bytes of the Markdown.
    edits: Vec<(Range<usize>, String)>,
    document: Document,
}

impl<'a> Renderer<'a> {
    fn new(
        book: &'a Book,
        source: &'a Source,
        links: &'a Links<'a>,
        problems: &'a mut Vec<Problem>,
    ) -> Self {
        Self {
            book,
            source,
            links,
            problems,
            events: Vec::new(),
            part: String::new(),
            heading: None,
            code: None,
            in_image: false,
            table: Table::default(),
            linked: Vec::new(),
            edits: Vec::new(),
            document: Document {
                title: String::new(),
                lead: String::new(),
                parts: Vec::new(),
                headings: Vec::new(),
                sections: vec![Section::default()],
                markdown: String::new(),
            },
        }
    }

    fn render(mut self) -> Document {
        let markdown: &'a str = &self.source.markdown;
        for (event, range) in parser(markdown).into_offset_iter() {
            self.read(event, range);
        }
        self.end_part();
        self.document.markdown = self.edited();
        self.document
    }

    fn read(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::End(TagEnd::Image) => self.in_image = false,
            // The text of an image is its alternative, which is written already.
            _ if self.in_image => {}
            Event::Start(Tag::Heading { level, .. }) => {
                if level == HeadingLevel::H2 {
                    self.end_part();
                }
                self.heading = Some(self.events.len());
            }
            Event::End(TagEnd::Heading(level)) => self.end_heading(level),
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(language) => language.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, String::new()));
            }
            Event::End(TagEnd::CodeBlock) => self.end_code(),
            Event::Text(text) if self.code.is_some() => {
                if let Some((_, code)) = &mut self.code {
                    code.push_str(&text);
                }
            }
            Event::Start(Tag::Link { dest_url, .. }) => self.start_link(&dest_url, range),
            Event::End(TagEnd::Link) => {
                if self.linked.pop() == Some(true) {
                    self.html("</a>");
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => self.start_image(&dest_url, range),
            Event::Start(Tag::Table(alignments)) => {
                let html = self.table.start(alignments, &self.last_title());
                self.html(html);
            }
            Event::Start(Tag::TableHead) => self.html("<thead><tr>"),
            Event::End(TagEnd::TableHead) => {
                let html = self.table.end_head();
                self.html(html);
            }
            Event::Start(Tag::TableRow) => {
                let html = self.table.start_row();
                self.html(html);
            }
            Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
            Event::Start(Tag::TableCell) => {
                let html = self.table.start_cell();
                self.html(html);
            }
            Event::End(TagEnd::TableCell) => self.end_cell(),
            Event::End(TagEnd::Table) => self.html("</tbody></table></div>\n"),
            event => {
                let is_paragraph = event == Event::End(TagEnd::Paragraph);
                if is_paragraph && self.document.lead.is_empty() {
                    self.document.lead = self.section().trim().to_owned();
                }
                self.collect_text(&event);
                self.events.push(event);
            }
        }
    }

    /// Closes the heading: an anchor, an entry in the contents, and a new section.
    fn end_heading(&mut self, level: HeadingLevel) {
        let from = self.heading.take().unwrap_or_default();
        let inner = self.events.split_off(from);
        let title = plain_text(&inner);
        if level == HeadingLevel::H1 {
            self.document.title = title;
            return;
        }
        let id = self
            .links
            .id_of(&self.source.file, self.document.headings.len());
        let level = level as u8;
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, inner.into_iter());
        self.html(format!(
            "<h{level} id=\"{id}\">{html}<a class=\"anchor\" href=\"#{id}\" \
             aria-label=\"Link to this section\">#</a></h{level}>\n"
        ));
        if level == 2 {
            self.part.clone_from(&id);
        }
        self.document.sections.push(Section {
            id: id.clone(),
            title: title.clone(),
            text: String::new(),
        });
        self.document.headings.push(Heading { level, id, title });
    }

    fn end_code(&mut self) {
        let Some((info, code)) = self.code.take() else {
            return;
        };
        let language = info.split(',').next().unwrap_or_default();
        let shown = shown(language, &code);
        self.section().push_str(&shown);
        self.html(format!(
            "<figure class=\"code\"><pre tabindex=\"0\"><code class=\"language-{}\">{}</code></pre>\
             </figure>\n",
            escaped(language),
            highlighted(language, &shown)
        ));
    }

    fn end_cell(&mut self) {
        self.section().push(' ');
        let is_empty =
            matches!(self.events.last(), Some(Event::InlineHtml(tag)) if tag.starts_with("<t"));
        if is_empty {
            self.events.pop();
        }
        let html = self.table.end_cell(is_empty);
        self.html(html);
    }

    fn start_link(&mut self, to: &str, range: Range<usize>) {
        let target = match self.links.resolve(self.source, to) {
            Ok(target) => target,
            Err(why) => {
                self.problem(&range, why);
                Target::Elsewhere(to.to_owned())
            }
        };
        let href = match target {
            Target::Page { url, markdown } => {
                self.edit(&range, to, &markdown);
                url
            }
            Target::Elsewhere(url) => url,
            // The file is in the repository and not on the site: its name says where.
            Target::File => {
                self.linked.push(false);
                return;
            }
        };
        self.linked.push(true);
        self.html(format!("<a href=\"{}\">", escaped(&href)));
    }

    /// Sends the picture by its name, with its size, so that nothing moves when it is there.
    fn start_image(&mut self, to: &str, range: Range<usize>) {
        let path = self.links.path(self.source, to);
        match picture::size(&self.book.root.join(&path)) {
            Ok((width, height)) => {
                let url = picture::url(&path);
                self.edit(&range, to, &url);
                let alt = self.source.markdown[range.clone()].trim_start_matches("![");
                let alt = alt.split("](").next().unwrap_or_default();
                self.html(format!(
                    "<img src=\"{url}\" alt=\"{}\" width=\"{width}\" height=\"{height}\" \
                     decoding=\"async\">",
                    escaped(alt)
                ));
            }
            Err(why) => self.problem(&range, format!("{path}: {why}")),
        }
        self.in_image = true;
    }

    /// Text between tags, for the search.
    fn collect_text(&mut self, event: &Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) if self.heading.is_none() => {
                self.section().push_str(text);
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Item) => {
                self.section().push(' ');
            }
            _ => {}
        }
    }

    fn section(&mut self) -> &mut String {
        let sections = &mut self.document.sections;
        if sections.is_empty() {
            sections.push(Section::default());
        }
        let last = sections.len() - 1;
        &mut sections[last].text
    }

    fn last_title(&self) -> String {
        let heading = self.document.headings.last();
        heading.map_or_else(
            || self.document.title.clone(),
            |heading| heading.title.clone(),
        )
    }

    fn end_part(&mut self) {
        let mut html = String::new();
        pulldown_cmark::html::push_html(&mut html, self.events.drain(..));
        let id = std::mem::take(&mut self.part);
        self.document.parts.push(Part { id, html });
    }

    fn html(&mut self, html: impl Into<String>) {
        let html = CowStr::from(html.into());
        self.events.push(Event::InlineHtml(html));
    }

    fn problem(&mut self, range: &Range<usize>, why: String) {
        self.problems.push(Problem {
            file: self.source.file.clone(),
            line: self.source.markdown[..range.start].matches('\n').count() + 1,
            why,
        });
    }

    /// Notes that the destination of a link or an image is another one on the site.
    fn edit(&mut self, range: &Range<usize>, from: &str, to: &str) {
        let text = &self.source.markdown[range.clone()];
        if let Some(at) = text.rfind(&format!("]({from})")) {
            let start = range.start + at + 2;
            self.edits.push((start..start + from.len(), to.to_owned()));
        }
    }

    fn edited(&mut self) -> String {
        let mut markdown = self.source.markdown.clone();
        // From the end, so that what is before stays where it is.
        self.edits.sort_by_key(|(range, _)| range.start);
        for (range, to) in self.edits.iter().rev() {
            markdown.replace_range(range.clone(), to);
        }
        markdown
    }
}

/// Code without the lines that only make it compile, as rustdoc shows it.
fn shown(language: &str, code: &str) -> String {
    let is_hidden = |line: &str| line == "#" || line.starts_with("# ");
    let lines = code
        .split_inclusive('\n')
        .filter(|line| language != "rust" || !is_hidden(line.trim()));
    lines.collect()
}

fn plain_text(events: &[Event<'_>]) -> String {
    let texts = events.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(&**text),
        _ => None,
    });
    texts.collect()
}
