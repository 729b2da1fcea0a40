//! Wires the `app/` folder, and turns the Markdown of the repository into pages, an index of their
//! words, and `llms.txt`.
//!
//! ```text
//! book -> document (highlight, links, picture) -> index, llms -> emit
//! ```
//!
//! # Layout
//! * `book`: which files are pages, in which order, and where
//! * `document`: from the Markdown of a page to HTML, headings, and sections to be searched
//! * `links`: where a link leads; what leads nowhere fails the build, with file and line
//! * `highlight`: colours for code; `table`: tags of tables; `picture`: the size of an image
//! * `index`: which words stand in which sections; `words`: what a word is, for the search too
//! * `llms`: the site as text; `emit`: what is written to the folder of the build

pub(crate) mod book;
pub(crate) mod document;
mod emit;
pub(crate) mod highlight;
mod index;
mod links;
mod llms;
mod picture;
mod table;
#[path = "../src/search/words.rs"]
mod words;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, io};

fn main() -> ExitCode {
    anabranch_build::App::new().embed_public(true).generate();
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            for problem in problems.lines() {
                tell(format_args!("error={problem}"));
            }
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    let folder = |name| env::var_os(name).map(PathBuf::from).ok_or(name);
    let package = folder("CARGO_MANIFEST_DIR")?;
    let root = package.parent().unwrap_or(Path::new("/"));
    let out = folder("OUT_DIR")?;
    let book = book::Book::read(root)?;
    for file in book.inputs() {
        tell(format_args!("rerun-if-changed={}", file.display()));
    }
    let pages = document::render(&book)?;
    let because = |error: io::Error| format!("{}: {error}", out.display());
    emit::write(&out, &book, &pages).map_err(because)
}

/// Cargo reads what a build script prints.
#[expect(clippy::print_stdout, reason = "cargo reads it there")]
fn tell(what: std::fmt::Arguments<'_>) {
    println!("cargo::{what}");
}
