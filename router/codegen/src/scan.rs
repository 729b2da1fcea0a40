//! Scan: what is in the folder. The only file that walks `app/` and `public/`.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use crate::role::Role;

/// A folder with everything below it, in the order of names.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    pub(crate) name: String,
    /// From the package, with `/` on every platform.
    pub(crate) path: String,
    pub(crate) files: Vec<File>,
    pub(crate) folders: Vec<Folder>,
    /// Links that are not followed, by their paths. What they lead to is not known.
    pub(crate) links: Vec<String>,
    /// Convention files that cannot be read, such as links that lead nowhere.
    pub(crate) lost: Vec<Lost>,
    /// What is never sent, by its path, because no URL names it.
    pub(crate) unnamed: Vec<String>,
}

impl Folder {
    fn new(folder: &Path, path: &str) -> Self {
        Self {
            name: lossy(folder.file_name().unwrap_or_default()),
            path: path.to_owned(),
            ..Self::default()
        }
    }

    /// All files here and below.
    pub(crate) fn walk(&self) -> Vec<&File> {
        let below = self.folders.iter().flat_map(Folder::walk);
        self.files.iter().chain(below).collect()
    }

    /// All links here and below that are not followed.
    pub(crate) fn closed(&self) -> Vec<&str> {
        let below = self.folders.iter().flat_map(Folder::closed);
        self.links.iter().map(String::as_str).chain(below).collect()
    }

    /// All that is here and below and never sent for its name.
    pub(crate) fn unnamed(&self) -> Vec<&str> {
        let below = self.folders.iter().flat_map(Folder::unnamed);
        let own = self.unnamed.iter().map(String::as_str);
        own.chain(below).collect()
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

/// Everything in the public folder that the server sends while it is a folder: what is visible, and
/// what links lead to, unless it is outside or hidden. A guard goes by the URL, which is that of the
/// link there as well.
///
/// A link to a folder that it is in stays closed: it would never end.
pub(crate) fn public(folder: &Path, path: &str) -> io::Result<Folder> {
    let root = folder.canonicalize()?;
    public_below(folder, path, &mut vec![root])
}

/// `open` are the folders from the root to this one, as they are without links.
fn public_below(folder: &Path, path: &str, open: &mut Vec<PathBuf>) -> io::Result<Folder> {
    let mut found = Folder::new(folder, path);
    for entry in entries(folder).map_err(|error| named(path, &error))? {
        let name = lossy(&entry.file_name());
        let is_root = open.len() == 1;
        if name.starts_with('.') && !(is_root && name == WELL_KNOWN) {
            continue;
        }
        let path = format!("{path}/{name}");
        if !has_url(&entry.file_name()) {
            found.unnamed.push(path);
            continue;
        }
        let kind = entry.file_type().map_err(|error| named(&path, &error))?;
        let place = match kind.is_symlink() {
            true => entry.path().canonicalize().ok(),
            false => open.last().map(|folder| folder.join(entry.file_name())),
        };
        let allowed = |place: &PathBuf| is_visible(place, &open[0]) && !open.contains(place);
        let Some(place) = place.filter(allowed) else {
            found.links.push(path);
            continue;
        };
        if place.is_dir() {
            open.push(place);
            let below = public_below(&entry.path(), &path, open);
            open.pop();
            found.folders.push(below?);
        } else if place.is_file() {
            found.files.push(File {
                name,
                path,
                content: Vec::new(),
            });
        } else if kind.is_symlink() {
            found.links.push(path);
        }
    }
    Ok(found)
}

/// The one folder with a dot that is made to be public.
const WELL_KNOWN: &str = ".well-known";

/// Whether the server takes a part of a URL for this name.
fn has_url(name: &OsStr) -> bool {
    let name = name.to_str();
    name.is_some_and(|name| !name.contains(|c: char| c == '\\' || c.is_control()))
}

/// Whether a place without links is in the root, and every part of its path there may be seen.
fn is_visible(place: &Path, root: &Path) -> bool {
    place.strip_prefix(root).is_ok_and(|below| {
        let mut names = below.iter().enumerate();
        names.all(|(depth, name)| {
            !name.as_encoded_bytes().starts_with(b".") || (depth == 0 && name == WELL_KNOWN)
        })
    })
}

/// An error with the path that it is about.
fn named(path: &str, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
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
    let mut found = Folder::new(folder, path);
    for entry in entries(folder)? {
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

fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    let mut entries: Vec<_> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    // The order of a folder's entries is the file system's; the output must not depend on it.
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

/// A name with replacement characters where it is not Unicode; the checks refuse these.
fn lossy(name: &OsStr) -> String {
    name.to_string_lossy().into_owned()
}
