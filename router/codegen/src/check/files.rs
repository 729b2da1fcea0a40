//! Names of files: what is missing, misspelt or should be a folder.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::model::Segment;
use crate::role::Role;
use crate::scan::{Folder, Lost};
use crate::typo::resembles;

/// The app's folder is not there, or no folder.
pub(crate) fn unreadable(folder: &str, path: &Path, error: &io::Error) -> Diagnostic {
    if path.is_file() {
        Diagnostic::error(format!("`{folder}` is a file, but an app is a folder"))
            .at(folder)
            .help("give the file another name and create the folder, or name the folder of the app in build.rs: `anabranch_build::app(\"…\")`")
    } else if error.kind() == io::ErrorKind::NotFound {
        Diagnostic::error(format!("there is no folder `{folder}`"))
            .at(folder)
            .help(first_page(folder))
    } else {
        Diagnostic::error(format!("the folder `{folder}` cannot be read: {error}")).at(folder)
    }
}

/// There is nothing to embed.
pub(crate) fn nothing_to_embed(folder: &str) -> Diagnostic {
    Diagnostic::warning("there is no such folder, so no static files are embedded")
        .at(folder)
        .help("create it, and save build.rs, so that cargo looks for it again")
}

/// Nothing in the app's folder answers a request.
pub(super) fn empty(folder: &str) -> Diagnostic {
    Diagnostic::error(format!("there is no page and no route in `{folder}`"))
        .at(folder)
        .help(first_page(folder))
}

fn first_page(folder: &str) -> String {
    format!(
        "create `{folder}/page.rs` with a page:\n\
         use anabranch::prelude::*;\n\
         \n\
         pub async fn render() -> Result {{\n    \
             Ok(html! {{ h1 {{ \"Hello\" }} }})\n\
         }}"
    )
}

/// The segments by their folders.
type Segments<'s> = BTreeMap<&'s str, &'s Segment>;

/// Looks for names that are nearly those of convention files, in all folders.
pub(super) fn check(folder: &Folder, root: &Segment, told: &mut Vec<Diagnostic>) {
    let segments = root.walk().into_iter();
    let segments = segments.map(|segment| (segment.folder.as_str(), segment));
    check_folder(folder, &segments.collect(), false, told);
}

/// `is_modules` says that the files of the folder are modules, which are declared where nobody
/// has looked.
fn check_folder(
    folder: &Folder,
    segments: &Segments<'_>,
    is_modules: bool,
    told: &mut Vec<Diagnostic>,
) {
    let segment = segments.get(folder.path.as_str()).copied();
    let declares = |name: &str| segment.is_some_and(|segment| segment.declares(name));
    for file in &folder.files {
        let Some((stem, extension)) = file.name.rsplit_once('.') else {
            continue;
        };
        let is_source = matches!(extension, "rs" | "html");
        let is_module = is_modules || declares(stem);
        if Role::of_file(&file.name).is_some() || (is_module && extension == "rs") {
            continue;
        }
        if is_source && stem.starts_with(['[', '(']) {
            told.push(
                Diagnostic::error("a segment of the URL is a folder, not a file")
                    .at(&file.path)
                    .help(format!(
                        "move it to `{}/{stem}/page.{extension}`",
                        folder.path
                    )),
            );
        } else if let Some(meant) = meant(stem, extension) {
            told.push(
                Diagnostic::warning(format!(
                    "`{}` is no convention file, so nothing uses it",
                    file.name
                ))
                .at(&file.path)
                .help(format!("did you mean `{meant}`?")),
            );
        }
    }
    for link in &folder.links {
        let name = link.rsplit('/').next().unwrap_or_default();
        if Role::of_file(name).is_some() {
            told.push(
                Diagnostic::error(format!("`{name}` is a link to a folder, not a file"))
                    .at(link)
                    .help("put the file itself here, or give the link another name"),
            );
            continue;
        }
        told.push(
            Diagnostic::warning("links to folders are not followed, so nothing in it is used")
                .at(link)
                .help("put the folder itself here, or begin the link's name with `_`"),
        );
    }
    told.extend(folder.lost.iter().map(lost));
    for below in &folder.folders {
        if Role::of_file(&below.name).is_some() {
            told.push(
                Diagnostic::error(format!("`{}` is a folder, not a file", below.name))
                    .at(&below.path)
                    .help("put the file itself here, or give the folder another name"),
            );
        }
        let is_modules = is_modules || (declares(&below.name) && !answers(below, segments));
        check_folder(below, segments, is_modules, told);
    }
}

/// Whether a request can be answered in a folder or below it.
fn answers(folder: &Folder, segments: &Segments<'_>) -> bool {
    let segment = segments.get(folder.path.as_str());
    segment.is_some_and(|it| it.reaches(Role::Page) || it.reaches(Role::Route))
}

/// A convention file that is there by name only. Without it, its folder would be built without a
/// guard or a view.
fn lost(lost: &Lost) -> Diagnostic {
    let (message, help) = match &lost.error {
        Some(error) if error.kind() == io::ErrorKind::NotFound => (
            "this link leads nowhere".to_owned(),
            "put the file itself here or mend the link, or remove it",
        ),
        Some(error) => (
            format!("this file cannot be read: {error}"),
            "let the build read it, or remove it",
        ),
        None => (
            "this is neither a file nor a folder".to_owned(),
            "put a file here, or give it another name",
        ),
    };
    Diagnostic::error(message).at(&lost.path).help(help)
}

/// The convention file that a name was perhaps meant to be.
fn meant(stem: &str, extension: &str) -> Option<String> {
    let is_html = match extension {
        "rs" | "tsx" | "jsx" | "ts" | "js" => false,
        "html" | "htm" => true,
        _ => return None,
    };
    let role = match stem {
        "index" => Role::Page,
        "404" => Role::NotFound,
        "500" => Role::Error,
        _ => Role::ALL
            .into_iter()
            .find(|role| resembles(stem, role.stem()))?,
    };
    let extension = if is_html && role.may_be_html() {
        "html"
    } else {
        "rs"
    };
    Some(format!("{role}.{extension}"))
}
