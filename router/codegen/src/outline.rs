//! Outline: what is in the folder of an app, for tools that show it.

use crate::App;
use crate::model::Segment;
use crate::role::Role;
use crate::route::{METHODS, chains};

/// A folder of an app: a segment of its URLs, and what lies in it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outline {
    /// The name of the folder.
    pub name: String,
    /// The URL that ends here, with its parameters as folders spell them: `/flights/[date]`.
    pub url: String,
    /// The convention files, in the order in which they take part in an answer.
    pub files: Vec<OutlineFile>,
    /// The methods that are answered here, in capitals; none if only folders below answer.
    pub methods: Vec<String>,
    /// The folders below, in the order of their names.
    pub folders: Vec<Outline>,
}

/// A convention file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutlineFile {
    /// What it is for, as its name says without the extension: `not-found`.
    pub role: &'static str,
    /// From the package, with `/` on every platform.
    pub path: String,
}

impl App {
    /// What is in the folder of the app. Files that are wrong are in it, too; what is wrong with
    /// them, [`run`](Self::run) says. None if the folder cannot be read.
    ///
    /// ```
    /// let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo");
    /// let outline = anabranch_build::App::new().package(folder).outline().expect("a folder");
    /// let desk = outline.folders.iter().find(|folder| folder.name == "desk").expect("it is there");
    /// assert_eq!(desk.url, "/desk");
    /// assert_eq!(desk.files[0].role, "middleware");
    /// ```
    #[must_use]
    pub fn outline(&self) -> Option<Outline> {
        let root = self.segments(&mut Vec::new())?;
        let mut urls = chains(&root).into_iter().map(|route| route.pattern());
        Some(outline(&root, &mut urls))
    }
}

/// `urls` has one for each segment, each before those below it.
fn outline(segment: &Segment, urls: &mut impl Iterator<Item = String>) -> Outline {
    let files = segment.files.iter().map(|(role, file)| OutlineFile {
        role: role.stem(),
        path: file.path().to_owned(),
    });
    let (_, name) = segment
        .folder
        .rsplit_once('/')
        .unwrap_or(("", &segment.folder));
    Outline {
        name: name.to_owned(),
        url: urls.next().unwrap_or_default(),
        files: files.collect(),
        methods: methods(segment),
        folders: segment
            .children
            .iter()
            .map(|one| outline(one, urls))
            .collect(),
    }
}

fn methods(segment: &Segment) -> Vec<String> {
    let page = segment.has(Role::Page);
    let handled = |method: &str| segment.source(Role::Route).is_some_and(|it| it.has(method));
    let answered = METHODS.into_iter().filter(|method| match *method {
        "get" => page || handled("get"),
        "head" => page || handled("get") || handled("head"),
        method => handled(method),
    });
    answered.map(str::to_uppercase).collect()
}
