//! What the sources of an app look like: which files there are, and whether they have changed.
//!
//! Events of the system say that something has happened; what it was is told by comparing. So an
//! editor's temporary files, a file written again as it was, and events that were lost make no
//! difference, and `.gitignore` means what it means to git.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, Metadata};
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ignore::{DirEntry, WalkBuilder};

/// Where an app's sources are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sources {
    /// Folders, with all that is in them and not ignored.
    pub(super) folders: BTreeSet<PathBuf>,
    /// Single files, which need not be there.
    pub(super) files: BTreeSet<PathBuf>,
}

/// The sources at one time.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    files: HashMap<PathBuf, File>,
    /// The folders that files are in, which are to be watched.
    pub(super) folders: BTreeSet<PathBuf>,
}

#[derive(Clone, Debug)]
struct File {
    stamp: Stamp,
    /// A hash of what is in it; none as long as nobody has read it.
    content: Option<u64>,
}

/// What a file system tells of a file without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    inode: u64,
}

/// Files that are larger are not read before they change: pictures are many, and seldom written
/// again as they were.
const LARGE: u64 = 128 << 10;

impl Snapshot {
    /// Looks at the sources. Files that have not been touched since `before` are not read.
    pub(super) fn take(sources: &Sources, before: &Self) -> Self {
        let mut now = Self::default();
        for entry in walk(&sources.folders) {
            let path = entry.path().to_owned();
            if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                now.folders.insert(path);
            } else {
                now.add(path, before);
            }
        }
        for file in &sources.files {
            now.folders.extend(file.parent().map(Path::to_owned));
            now.add(file.clone(), before);
        }
        now
    }

    fn add(&mut self, path: PathBuf, before: &Self) {
        // The stamp first: what changes while the file is read shows next time.
        let Some(stamp) = fs::metadata(&path).ok().and_then(|it| Stamp::of(&it)) else {
            return;
        };
        let file = match before.files.get(&path) {
            Some(file) if file.stamp == stamp => file.clone(),
            Some(_) => File {
                stamp,
                content: fs::read(&path).ok().map(|bytes| hash(&bytes)),
            },
            None => File {
                stamp,
                content: None,
            },
        };
        self.files.insert(path, file);
    }

    /// Reads what is new, so that it shows whether it is written again as it was. This may take a
    /// while, and can wait until nobody does.
    pub(super) fn learn(&mut self) {
        let files = self.files.iter_mut();
        for (path, file) in files.filter(|(_, file)| file.is_unknown()) {
            let content = fs::read(path).ok().map(|bytes| hash(&bytes));
            let stamp = fs::metadata(path).ok().and_then(|it| Stamp::of(&it));
            // What has changed since is compared with nothing, and so is seen.
            file.content = content.filter(|_| stamp.as_ref() == Some(&file.stamp));
        }
    }

    /// The files that are new, gone or different since `before`.
    pub(super) fn changes_since(&self, before: &Self) -> BTreeSet<PathBuf> {
        let gone = before.files.keys();
        let gone = gone.filter(|path| !self.files.contains_key(*path));
        let changed = self.files.iter().filter_map(|(path, file)| {
            let same = before.files.get(path).is_some_and(|old| file.is_like(old));
            (!same).then_some(path)
        });
        gone.chain(changed).cloned().collect()
    }
}

impl File {
    fn is_unknown(&self) -> bool {
        self.content.is_none() && self.stamp.length <= LARGE
    }

    fn is_like(&self, old: &Self) -> bool {
        self.stamp == old.stamp || self.content.is_some() && self.content == old.content
    }
}

impl Stamp {
    /// None for what is no file.
    fn of(metadata: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;

        metadata.is_file().then(|| Self {
            length: metadata.len(),
            modified: metadata.modified().ok(),
            inode: metadata.ino(),
        })
    }
}

/// All that is not ignored.
fn walk(folders: &BTreeSet<PathBuf>) -> impl Iterator<Item = DirEntry> {
    let mut folders = folders.iter();
    let walk = folders.next().map(|first| {
        let mut walk = WalkBuilder::new(first);
        folders.for_each(|folder| {
            walk.add(folder);
        });
        // Files with a dot in front, such as .cargo/config.toml, change builds too.
        walk.hidden(false)
            .require_git(false)
            .filter_entry(|entry| !is_git(entry) && !is_cache(entry) && !is_of_an_editor(entry))
            .build()
    });
    walk.into_iter().flatten().filter_map(Result::ok)
}

fn is_git(entry: &DirEntry) -> bool {
    entry.file_name() == ".git"
}

/// Whether it is a folder that says of itself that it can be made anew, as cargo's target does.
fn is_cache(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_dir())
        && entry.path().join("CACHEDIR.TAG").is_file()
}

/// Whether it is a file that an editor keeps beside the one that is open in it, and writes while
/// somebody types: a swap file of Vim or Kate, a copy or a lock of Emacs. Also what Finder keeps.
fn is_of_an_editor(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    let kind = name.rsplit_once('.').map_or("", |(_, kind)| kind);
    let swaps = kind == "kate-swp" || kind.len() == 3 && kind.starts_with("sw");
    name.starts_with('.') && swaps
        || name.starts_with(".#")
        || name.starts_with('#') && name.ends_with('#')
        || name.ends_with('~')
        || name == ".DS_Store"
}

/// A hash of some bytes, the same for as long as this process runs.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    struct Folder(TempDir);

    impl Folder {
        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            // A new file each time, as editors do; so the stamp is a new one, too.
            let new = path.with_extension("new");
            fs::write(&new, text).unwrap();
            fs::rename(new, path).unwrap();
        }

        fn remove(&self, path: &str) {
            fs::remove_file(self.0.path().join(path)).unwrap();
        }

        fn sources(&self) -> Sources {
            Sources {
                folders: [self.0.path().to_owned()].into(),
                files: BTreeSet::new(),
            }
        }

        fn look(&self, before: &Snapshot) -> Snapshot {
            let mut now = Snapshot::take(&self.sources(), before);
            now.learn();
            now
        }

        /// Paths from the folder.
        fn short(&self, paths: BTreeSet<PathBuf>) -> Vec<String> {
            let short = |path: PathBuf| {
                let path = path.strip_prefix(self.0.path()).unwrap();
                path.to_str().unwrap().to_owned()
            };
            paths.into_iter().map(short).collect()
        }
    }

    fn folder() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.write(".gitignore", "*.sqlite\n");
        folder.write("app/page.rs", "one");
        folder.write("public/style.css", "h1 {}");
        folder.write("target/CACHEDIR.TAG", "");
        folder
    }

    #[test]
    fn what_was_written_added_or_removed_has_changed() {
        let folder = folder();
        let before = folder.look(&Snapshot::default());
        folder.write("app/page.rs", "two");
        folder.write("app/new/page.rs", "new");
        folder.write(".cargo/config.toml", "");
        folder.remove(".gitignore");
        let now = folder.look(&before);
        let changed = [
            ".cargo/config.toml",
            ".gitignore",
            "app/new/page.rs",
            "app/page.rs",
        ];
        assert_eq!(folder.short(now.changes_since(&before)), changed);
        assert!(now.folders.contains(&folder.0.path().join("app/new")));
    }

    #[test]
    fn what_an_editor_keeps_for_itself_is_no_change() {
        let folder = folder();
        let before = folder.look(&Snapshot::default());
        for name in [
            ".page.rs.swp",
            ".page.rs.swo",
            ".page.rs.kate-swp",
            ".#page.rs",
            "#page.rs#",
            "page.rs~",
            ".DS_Store",
        ] {
            fs::write(folder.0.path().join("app").join(name), name).unwrap();
        }
        let now = folder.look(&before);
        assert_eq!(folder.short(now.changes_since(&before)), [""; 0]);
        // Names that only look like these.
        let own = ["app/#tags", "app/film.swf"];
        own.iter().for_each(|name| folder.write(name, ""));
        let now = folder.look(&before);
        assert_eq!(folder.short(now.changes_since(&before)), own);
    }

    #[test]
    fn what_changes_before_it_is_read_has_changed() {
        let folder = folder();
        let sources = folder.sources();
        let mut before = Snapshot::take(&sources, &Snapshot::default());
        folder.write("app/page.rs", "two");
        before.learn();
        let now = Snapshot::take(&sources, &before);
        assert_eq!(folder.short(now.changes_since(&before)), ["app/page.rs"]);
    }

    #[test]
    fn what_is_ignored_or_built_or_written_as_it_was_has_not_changed() {
        let folder = folder();
        let first = folder.look(&Snapshot::default());
        folder.write("app/page.rs", "two");
        folder.write("app/new/page.rs", "new");
        let before = folder.look(&first);
        // Also of what has been there from the start, and of what was new.
        folder.write("public/style.css", "h1 {}");
        folder.write("app/new/page.rs", "new");
        folder.write("app/page.rs", "two");
        folder.write("data.sqlite", "");
        folder.write("target/debug/hello", "");
        folder.write(".git/HEAD", "");
        let now = folder.look(&before);
        assert_eq!(folder.short(now.changes_since(&before)), [""; 0]);
        assert_eq!(
            folder.short(now.changes_since(&first)),
            ["app/new/page.rs", "app/page.rs"]
        );
        assert!(!now.folders.contains(&folder.0.path().join("target")));
    }
}
