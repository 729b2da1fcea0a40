//! Files of a folder.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::content_coding::Coding;
use super::file::{Content, File};
use super::{media_type, path};

/// A folder, which is looked for anew at each request.
#[derive(Debug)]
pub(super) struct Folder {
    /// Where it may be; the first that exists counts.
    places: Vec<PathBuf>,
}

impl Folder {
    pub(super) fn new(folder: &Path, manifest_dir: &Path) -> Self {
        let mut places = Vec::new();
        if cfg!(debug_assertions) {
            places.push(manifest_dir.join(folder));
        }
        // The working directory of now: the app may change it later.
        places.extend(std::path::absolute(folder));
        places.dedup();
        let folder = Self { places };
        if folder.root().is_none() {
            let places = &folder.places;
            tracing::debug!(?places, "there is no folder of static files");
        }
        folder
    }

    /// The file at a path, in the first of these codings that it comes in.
    ///
    /// `Ok(None)` if there is no such file, or none that may be seen.
    pub(super) async fn open(
        self: Arc<Self>,
        path: String,
        codings: Vec<Coding>,
    ) -> io::Result<Option<File>> {
        tokio::task::spawn_blocking(move || self.find(&path, &codings)).await?
    }

    fn find(&self, path: &str, codings: &[Coding]) -> io::Result<Option<File>> {
        let Some(root) = self.root() else {
            return Ok(None);
        };
        let Some(plain) = regular_file(&root, path) else {
            return Ok(None);
        };
        for coding in codings {
            let variant = format!("{path}{}", coding.suffix());
            // One that is not for us to read is none.
            if let Some(variant) = regular_file(&root, &variant)
                && let Some(file) = read(&variant, path, Some(*coding))?
            {
                return Ok(Some(file));
            }
        }
        read(&plain, path, None)
    }

    fn root(&self) -> Option<PathBuf> {
        let mut places = self.places.iter();
        let root = places.find_map(|place| place.canonicalize().ok())?;
        root.is_dir().then_some(root)
    }
}

/// Where a file really is: below the root, visible, and no folder, pipe or device.
fn regular_file(root: &Path, path: &str) -> Option<PathBuf> {
    let file = root.join(path).canonicalize().ok()?;
    let below = file.strip_prefix(root).ok()?;
    let regular = path::is_visible(below)
        && !is_spelled_otherwise(root, below, Path::new(path))
        && fs::metadata(&file).ok()?.is_file();
    regular.then_some(file)
}

/// Whether a file system that ignores case has found `desk/x` as `Desk/x`.
///
/// Guards go by the spelling of the request, so that of the file has to be the same. A link may
/// lead to a name that differs by its case alone.
fn is_spelled_otherwise(root: &Path, below: &Path, path: &Path) -> bool {
    let without_case = |path: &Path| path.to_string_lossy().to_lowercase();
    below != path
        && without_case(below) == without_case(path)
        && !path.ancestors().any(|part| root.join(part).is_symlink())
}

fn read(file: &Path, path: &str, coding: Option<Coding>) -> io::Result<Option<File>> {
    let opened = match fs::File::open(file) {
        Ok(opened) => opened,
        Err(error) if is_not_there(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let metadata = opened.metadata()?;
    if !metadata.is_file() {
        return Ok(None);
    }
    let modified = metadata.modified()?;
    Ok(Some(File {
        content: Content::Disk(opened),
        len: metadata.len(),
        etag: etag(&metadata, modified, coding),
        modified: Some(modified).filter(is_http_date),
        media_type: media_type::of(path),
        coding,
    }))
}

/// What is not for us to read is not there.
fn is_not_there(error: &io::Error) -> bool {
    let kind = error.kind();
    matches!(
        kind,
        io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied
    )
}

/// Whether HTTP has a date for it: from 1970 to 9999.
fn is_http_date(time: &SystemTime) -> bool {
    let end = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
    (UNIX_EPOCH..end).contains(time)
}

/// What tells this state of a file from others: where it is, when it changed, its length.
fn etag(metadata: &Metadata, modified: SystemTime, coding: Option<Coding>) -> String {
    let (sign, age) = match modified.duration_since(UNIX_EPOCH) {
        Ok(since) => ("", since),
        Err(before) => ("-", before.duration()),
    };
    let (place, nanos, len) = (place(metadata), age.as_nanos(), metadata.len());
    let suffix = coding.map_or("", Coding::suffix);
    format!("\"{place}{sign}{nanos:x}-{len:x}{suffix}\"")
}

/// The file itself, and when the system saw it change. Reproducible builds give all files the same
/// time of modification, so that alone would not tell yesterday's file from one of the same length.
#[cfg(unix)]
fn place(metadata: &Metadata) -> String {
    use std::os::unix::fs::MetadataExt;
    let (seconds, nanos) = (metadata.ctime(), metadata.ctime_nsec());
    format!("{:x}-{seconds:x}.{nanos:x}-", metadata.ino())
}

#[cfg(not(unix))]
fn place(_: &Metadata) -> &'static str {
    ""
}

#[cfg(test)]
mod tests {
    use super::*;
    use httpdate::HttpDate;

    #[test]
    fn a_file_has_one_spelling() {
        // What a file system that ignores case would find for a path.
        let found = |below: &str, path: &str| {
            let root = Path::new("no-such-folder");
            !is_spelled_otherwise(root, Path::new(below), Path::new(path))
        };
        assert!(found("desk/notes.css", "desk/notes.css"));
        assert!(!found("desk/notes.css", "Desk/notes.css"));
        assert!(!found("desk/notes.css", "desk/NOTES.css"));
        assert!(!found("b\u{fc}ro/notes.css", "B\u{dc}RO/notes.css"));
        // A link to somewhere else.
        assert!(found("site-2.css", "site.css"));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_may_differ_by_its_case() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("LICENSE"), "text").unwrap();
        std::os::unix::fs::symlink("LICENSE", root.path().join("license")).unwrap();
        let root = root.path().canonicalize().unwrap();
        assert!(regular_file(&root, "license").is_some());
    }

    #[test]
    fn http_has_dates_from_1970_to_9999() {
        let year_10000 = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
        let nano = Duration::from_nanos(1);
        for (time, date) in [
            (UNIX_EPOCH, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (year_10000 - nano, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] {
            assert!(is_http_date(&time));
            assert_eq!(HttpDate::from(time).to_string(), date);
        }
        for time in [UNIX_EPOCH - nano, year_10000] {
            assert!(!is_http_date(&time));
        }
    }
}
