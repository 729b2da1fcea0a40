//! Model: a folder as a tree of segments.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::names::Names;
use crate::role::{Language, Role};
use crate::scan::{self, Folder};
use crate::segment::SegmentKind;
use crate::source::Source;
use crate::template::Template;

/// A folder with convention files in it or below it.
pub(crate) struct Segment {
    pub(crate) kind: SegmentKind,
    /// From the package.
    pub(crate) folder: String,
    /// The path of its module, from the root of the generated code.
    pub(crate) module: Vec<String>,
    pub(crate) files: BTreeMap<Role, File>,
    pub(crate) children: Vec<Segment>,
}

/// A convention file.
pub(crate) enum File {
    Rust(Source),
    Html(Template),
}

impl File {
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Rust(source) => &source.path,
            Self::Html(template) => &template.path,
        }
    }
}

/// What the generated code has at its root, so that no folder's module is called so.
const ROOT: [&str; 2] = ["href", "html"];

/// Reads a tree. What cannot be read is left out and told.
pub(crate) fn build(folder: &Folder, told: &mut Vec<Diagnostic>) -> Segment {
    let mut names = Names::without(&Role::ALL.map(Role::module));
    for name in ROOT {
        names.take(name);
    }
    segment(SegmentKind::Root, folder, Vec::new(), names, told)
}

fn segment(
    kind: SegmentKind,
    folder: &Folder,
    module: Vec<String>,
    mut names: Names,
    told: &mut Vec<Diagnostic>,
) -> Segment {
    let mut children = Vec::new();
    for child in folder.folders.iter().filter(|child| is_used(child)) {
        match SegmentKind::parse(&child.name) {
            Ok(kind) => {
                let mut module = module.clone();
                module.push(names.take(&child.name));
                let names = Names::without(&Role::ALL.map(Role::module));
                children.push(segment(kind, child, module, names, told));
            }
            Err(malformed) => told.push(
                Diagnostic::error(malformed.message(&child.name))
                    .at(&child.path)
                    .help(malformed.help(&child.name)),
            ),
        }
    }
    Segment {
        kind,
        folder: folder.path.clone(),
        module,
        files: files(&folder.files, told),
        children,
    }
}

/// Whether there is a convention file in the folder or below it.
fn is_used(folder: &Folder) -> bool {
    let mut files = folder.files.iter();
    files.any(|file| Role::of_file(&file.name).is_some()) || folder.folders.iter().any(is_used)
}

fn files(files: &[scan::File], told: &mut Vec<Diagnostic>) -> BTreeMap<Role, File> {
    let mut found: BTreeMap<Role, File> = BTreeMap::new();
    for file in files {
        match Role::of_file(&file.name) {
            None => {}
            Some((role, Language::Rust)) => {
                let source = File::Rust(Source::parse(&file.path, &file.content));
                if let Some(html) = found.insert(role, source) {
                    told.push(unused(role, html.path()));
                }
            }
            Some((role, Language::Html)) => match found.get(&role) {
                Some(_) => told.push(unused(role, &file.path)),
                None => {
                    let template = Template::new(&file.path, &file.content);
                    found.insert(role, File::Html(template));
                }
            },
        }
    }
    found
}

fn unused(role: Role, html: &str) -> Diagnostic {
    Diagnostic::warning(format!("`{role}.rs` stands beside it and wins"))
        .at(html)
        .help("remove one of them")
}

impl Segment {
    pub(crate) fn file(&self, role: Role) -> Option<&File> {
        self.files.get(&role)
    }

    /// The file of a role, if it is written in Rust.
    pub(crate) fn source(&self, role: Role) -> Option<&Source> {
        match self.file(role) {
            Some(File::Rust(source)) => Some(source),
            _ => None,
        }
    }

    pub(crate) fn has(&self, role: Role) -> bool {
        self.files.contains_key(&role)
    }

    /// Whether one of its files says `mod name;`, so that a file or a folder beside it is a module.
    pub(crate) fn declares(&self, name: &str) -> bool {
        let mut files = self.files.values();
        files.any(|file| match file {
            File::Rust(source) => source.modules.iter().any(|module| module == name),
            File::Html(_) => false,
        })
    }

    /// Whether a request can be answered here.
    pub(crate) fn answers(&self) -> bool {
        self.has(Role::Page) || self.has(Role::Route)
    }

    /// Whether there is such a file here or below.
    pub(crate) fn reaches(&self, role: Role) -> bool {
        self.has(role) || self.children.iter().any(|child| child.reaches(role))
    }

    /// It and all segments below, each before its children.
    pub(crate) fn walk(&self) -> Vec<&Segment> {
        let below = self.children.iter().flat_map(Segment::walk);
        std::iter::once(self).chain(below).collect()
    }
}
