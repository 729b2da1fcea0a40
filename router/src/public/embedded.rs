//! Files that are part of the binary.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt;
use std::hash::Hasher;

use http::HeaderValue;

use super::content_coding::Coding;
use super::file::{Content, File};
use super::media_type;

/// A file that is part of the binary, as `anabranch-build` writes it.
///
/// ```
/// use anabranch_router::public::{Embedded, Public};
///
/// static FILES: [Embedded; 1] = [
///     Embedded::new("/robots.txt", b"User-agent: *\nAllow: /\n"),
/// ];
/// let public = Public::embedded(&FILES);
/// ```
#[derive(Clone, Copy)]
pub struct Embedded {
    path: &'static str,
    bytes: &'static [u8],
}

impl Embedded {
    /// The file at `path` of the site, which starts with `/` and is not percent-encoded.
    #[must_use]
    pub const fn new(path: &'static str, bytes: &'static [u8]) -> Self {
        Self { path, bytes }
    }
}

impl fmt::Debug for Embedded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedded")
            .field("path", &self.path)
            .field("len", &self.bytes.len())
            .finish()
    }
}

/// Embedded files by their paths, without the slash in front.
#[derive(Debug)]
pub(super) struct Table(HashMap<&'static str, Entry>);

#[derive(Debug)]
struct Entry {
    file: Embedded,
    etag: String,
    media_type: HeaderValue,
}

impl Table {
    pub(super) fn new(files: &'static [Embedded]) -> Self {
        let entries = files.iter().map(|file| {
            let path = file.path.trim_start_matches('/');
            let entry = Entry {
                file: *file,
                etag: etag(file.bytes),
                media_type: media_type::of(path),
            };
            (path, entry)
        });
        Self(entries.collect())
    }

    /// The file at a path, in the first of these codings that it comes in.
    pub(super) fn find(&self, path: &str, codings: &[Coding]) -> Option<File> {
        let plain = self.0.get(path)?;
        let (entry, coding) = codings
            .iter()
            .find_map(|coding| {
                let variant = format!("{path}{}", coding.suffix());
                Some((self.0.get(variant.as_str())?, Some(*coding)))
            })
            .unwrap_or((plain, None));
        Some(File {
            content: Content::Memory(entry.file.bytes),
            len: entry.file.bytes.len() as u64,
            etag: entry.etag.clone(),
            // A binary that is built twice from the same files is the same binary.
            modified: None,
            media_type: plain.media_type.clone(),
            coding,
        })
    }
}

fn etag(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(bytes);
    format!("\"{:016x}-{:x}\"", hasher.finish(), bytes.len())
}
