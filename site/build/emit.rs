//! Writes what the site includes: tables in Rust, and the texts beside them as files.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use super::book::Book;
use super::document::Document;
use super::{index, llms, picture};

/// Folders whose pictures are on the site.
const PICTURES: [&str; 2] = ["docs", "benchmarks"];

pub(crate) fn write(out: &Path, book: &Book, pages: &[Document]) -> io::Result<()> {
    let folder = out.join("guide");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("llms.txt"), llms::list(book, pages))?;
    fs::write(folder.join("llms-full.txt"), llms::full(book, pages))?;

    let mut code = Code::default();
    for (number, page) in pages.iter().enumerate() {
        fs::write(folder.join(format!("{number}.md")), &page.markdown)?;
        for (part, content) in page.parts.iter().enumerate() {
            fs::write(folder.join(format!("{number}-{part}.html")), &content.html)?;
        }
    }
    code.pages(book, pages);
    code.sections(pages);
    code.index(book, pages);
    code.pictures(&book.root, pages)?;
    fs::write(out.join("guide.rs"), code.0)
}

/// The Rust that is included.
#[derive(Default)]
struct Code(String);

impl Code {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Into a String nothing fails to be written.
        let _ = writeln!(self.0, "{line}");
    }

    fn pages(&mut self, book: &Book, pages: &[Document]) {
        self.line(format_args!("/// All pages that are made of Markdown."));
        self.line(format_args!("pub static PAGES: &[Page] = &["));
        for (number, (source, page)) in book.sources.iter().zip(pages).enumerate() {
            self.line(format_args!(
                "Page {{ url: {:?}, title: {:?}, about: {:?}, group: {:?}, file: {:?},",
                source.url, page.title, source.about, source.group, source.file
            ));
            self.line(format_args!(
                "markdown: {},",
                included(&format!("{number}.md"))
            ));
            self.line(format_args!("parts: &["));
            for (at, part) in page.parts.iter().enumerate() {
                let html = included(&format!("{number}-{at}.html"));
                self.line(format_args!("Part {{ id: {:?}, html: {html} }},", part.id));
            }
            self.line(format_args!("], headings: &["));
            for heading in &page.headings {
                self.line(format_args!(
                    "Heading {{ level: {}, id: {:?}, title: {:?} }},",
                    heading.level, heading.id, heading.title
                ));
            }
            self.line(format_args!("] }},"));
        }
        self.line(format_args!("];"));
        for (name, file) in [("LLMS", "llms.txt"), ("LLMS_FULL", "llms-full.txt")] {
            self.line(format_args!("/// `{file}`."));
            self.line(format_args!(
                "pub static {name}: &str = {};",
                included(file)
            ));
        }
    }

    fn sections(&mut self, pages: &[Document]) {
        self.line(format_args!("/// All their sections, in the same order."));
        self.line(format_args!("pub static SECTIONS: &[Section] = &["));
        for (page, document) in pages.iter().enumerate() {
            for section in &document.sections {
                let words: Vec<_> = section.text.split_whitespace().collect();
                self.line(format_args!(
                    "Section {{ page: {page}, id: {:?}, title: {:?}, text: {:?} }},",
                    section.id,
                    section.title,
                    words.join(" ")
                ));
            }
        }
        self.line(format_args!("];"));
    }

    fn index(&mut self, book: &Book, pages: &[Document]) {
        self.line(format_args!("/// All their words in order, each with the numbers of its sections and what it counts there."));
        self.line(format_args!(
            "pub static TERMS: &[(&str, &[(u16, u16)])] = &["
        ));
        for (word, places) in index::index(book, pages) {
            self.line(format_args!("({word:?}, &{places:?}),"));
        }
        self.line(format_args!("];"));
    }

    fn pictures(&mut self, root: &Path, pages: &[Document]) -> io::Result<()> {
        let mut files = Vec::new();
        for folder in PICTURES {
            for entry in fs::read_dir(root.join(folder))? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                if name.ends_with(".png") || name.ends_with(".svg") {
                    files.push(format!("{folder}/{name}"));
                }
            }
        }
        files.sort();
        self.line(format_args!("/// All pictures beside the pages."));
        self.line(format_args!(
            "pub static PICTURES: &[anabranch::Embedded] = &["
        ));
        for file in &files {
            let path = root.join(file);
            self.line(format_args!(
                "anabranch::Embedded::new({:?}, include_bytes!({path:?})),",
                picture::url(file)
            ));
        }
        self.line(format_args!("];"));
        self.line(format_args!(
            "/// Pictures of measurements that no page shows itself."
        ));
        self.line(format_args!("pub static CHARTS: &[Picture] = &["));
        for file in files.iter().filter(|file| file.starts_with("benchmarks/")) {
            let url = picture::url(file);
            // A page that shows it itself says where.
            if pages.iter().any(|page| page.markdown.contains(&url)) {
                continue;
            }
            let (width, height) = picture::size(&root.join(file)).map_err(io::Error::other)?;
            self.line(format_args!(
                "Picture {{ url: {url:?}, width: {width}, height: {height} }},"
            ));
        }
        self.line(format_args!("];"));
        Ok(())
    }
}

fn included(file: &str) -> String {
    format!("include_str!(concat!(env!(\"OUT_DIR\"), \"/guide/{file}\"))")
}
