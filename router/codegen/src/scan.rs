//! Scan: what is in the folder. The only file that walks `app/` and `public/`.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

use crate::role::Role;

/// A folder with everything below it, in the order of names.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) name: String,
    /// From the package, with `/` on every platform.
    pub(crate) path: String,
    pub(crate) files: Vec<File>,
    pub(crate) folders: Vec<Folder>,
    /// Links to folders, by their paths. What is in them is not known.
    pub(crate) links: Vec<String>,
    /// Convention files that cannot be read, such as links that lead nowhere.
    pub(crate) lost: Vec<Lost>,
}

impl Folder {
    /// All files here and below.
    pub(crate) fn walk(&self) -> Vec<&File> {
        let below = self.folders.iter().flat_map(Folder::walk);
        self.files.iter().chain(below).collect()
    }
}

/// A file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) name: String,
    /// From the package, with `/` on every platform.
    pub(crate) path: String,
    /// What is in it; empty if its name is not that of a convention file.
    pub(crate) content: Vec<u8>,
}

/// A convention file that cannot be read.
#[derive(Debug)]
pub(crate) struct Lost {
    /// From the package, with `/` on every platform.
    pub(crate) path: String,
    /// None if it is neither a file nor a link to one.
    pub(crate) error: Option<io::Error>,
}

/// Everything in the app's folder except private folders. Convention files are read.
pub(crate) fn app(folder: &Path, path: &str) -> io::Result<Folder> {
    walk(folder, path, &|entry, name| match Kind::of(entry)? {
        Kind::Folder if !name.starts_with('_') => Ok(Some(Kind::Folder)),
        Kind::File | Kind::Link if entry.path().is_file() => Ok(Some(Kind::File)),
        // A linked folder could lead back here.
        Kind::Link if entry.path().is_dir() && !name.starts_with('_') => Ok(Some(Kind::Link)),
        // Without a word, the folder would be built without its guard.
        Kind::File | Kind::Link if Role::of_file(name).is_some() => Ok(Some(Kind::Lost)),
        _ => Ok(None),
    })
}

/// Everything in the public folder except what the server would not send: what is hidden, and
/// links, which may lead outside.
pub(crate) fn public(folder: &Path, path: &str) -> io::Result<Folder> {
    walk(folder, path, &|entry, name| match Kind::of(entry)? {
        Kind::Link => Ok(None),
        kind if name.starts_with('.') => Ok((name == ".well-known").then_some(kind)),
        kind => Ok(Some(kind)),
    })
}

/// What an entry of a folder is.
enum Kind {
    File,
    Folder,
    Link,
    /// A convention file that is not there to be read.
    Lost,
}

impl Kind {
    fn of(entry: &DirEntry) -> io::Result<Self> {
        let kind = entry.file_type()?;
        Ok(if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::File
        })
    }
}

/// Reads a folder; `take` says as what an entry is taken, if it is.
fn walk(
    folder: &Path,
    path: &str,
    take: &dyn Fn(&DirEntry, &str) -> io::Result<Option<Kind>>,
) -> io::Result<Folder> {
    let mut found = Folder {
        name: lossy(folder.file_name().unwrap_or_default()),
        path: path.to_owned(),
        ..Folder::default()
    };
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    // The order of a folder's entries is the file system's; the output must not depend on it.
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let name = lossy(&entry.file_name());
        let path = format!("{path}/{name}");
        match take(&entry, &name)? {
            Some(Kind::Folder) => found.folders.push(walk(&entry.path(), &path, take)?),
            Some(Kind::Link) => found.links.push(path),
            Some(Kind::Lost) => {
                let error = fs::metadata(entry.path()).err();
                found.lost.push(Lost { path, error });
            }
            Some(Kind::File) => {
                let content = match Role::of_file(&name) {
                    Some(_) => fs::read(entry.path()),
                    None => Ok(Vec::new()),
                };
                match content {
                    Ok(content) => found.files.push(File {
                        name,
                        path,
                        content,
                    }),
                    Err(error) => found.lost.push(Lost {
                        path,
                        error: Some(error),
                    }),
                }
            }
            None => {}
        }
    }
    Ok(found)
}

/// A name with replacement characters where it is not Unicode; the checks refuse these.
fn lossy(name: &OsStr) -> String {
    name.to_string_lossy().into_owned()
}
