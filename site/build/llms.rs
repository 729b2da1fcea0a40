//! The site as text: a list of its pages, and all of them in one.

use std::fmt::Write as _;

use super::book::{Book, Source};
use super::document::Document;

/// `llms.txt`: what this is, and each page with its address as Markdown.
pub(crate) fn list(book: &Book, pages: &[Document]) -> String {
    let mut text = String::new();
    let mut group = None;
    for (source, page) in book.sources.iter().zip(pages) {
        if source.url == "/" {
            push(
                &mut text,
                format_args!("# {}\n\n> {}\n", page.title, page.lead),
            );
            continue;
        }
        if source.group.is_empty() {
            continue;
        }
        if group != Some(&source.group) {
            push(&mut text, format_args!("\n## {}\n\n", source.group));
            group = Some(&source.group);
        }
        push(
            &mut text,
            format_args!("- [{}]({}.md)", page.title, source.url),
        );
        if !source.about.is_empty() {
            push(&mut text, format_args!(": {}", source.about));
        }
        text.push('\n');
    }
    text.push_str(
        "\n## In one file\n\n- [Everything](/llms-full.txt): all of these, one after the other\n",
    );
    text
}

/// `llms-full.txt`: every page as Markdown.
pub(crate) fn full(book: &Book, pages: &[Document]) -> String {
    let mut text = String::new();
    let documents = book.sources.iter().zip(pages);
    // The list of the chapters is in the order of what follows.
    for (source, page) in documents.filter(|(source, _)| source.url != "/guide") {
        push(&mut text, format_args!("<!-- {} -->\n\n", address(source)));
        text.push_str(page.markdown.trim());
        text.push_str("\n\n");
    }
    text
}

/// Where a page is as Markdown.
fn address(source: &Source) -> String {
    match &*source.url {
        "/" => "/index.md".to_owned(),
        url => format!("{url}.md"),
    }
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    // Into a String nothing fails to be written.
    let _ = text.write_fmt(what);
}
