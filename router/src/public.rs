//! The files of `public/`, at the root URL.
//!
//! Routes come first; what no route answers may be a file. [`Public`] serves the files of a
//! folder, or files that are part of the binary, and the answers are the same:
//!
//! - GET and HEAD of a regular file, with its length, its type (text in UTF-8) and `nosniff`;
//!   for any other method 405, for OPTIONS 204, both with `Allow`.
//! - An `ETag`, in a folder `Last-Modified` too; conditional requests are answered 304 or 412, in
//!   the order of RFC 9110. The default `Cache-Control` has browsers ask each time, which costs a
//!   304. In the binary the tag is that of the content. In a folder it is made of the file's
//!   times, its length and its inode: servers that each have a copy of the folder give one file
//!   different tags. On Windows it is the time of modification and the length alone.
//! - One byte range: 206, or 416 if it starts behind the end. Several ranges at once, ranges that
//!   are no ranges, and those whose `If-Range` no longer holds get the whole file.
//! - `site.css.br`, `.zst` or `.gz` beside `site.css` goes out in its place to whoever accepts it.
//!   Nothing is compressed per request.
//! - A file of more than 96 KiB is read as the client takes it, 64 KiB at a time.
//!
//! A path names a file or nothing. There are no listings, and no `index.html` for a folder: make
//! it a page. What starts with a dot is not there (`/.well-known/` is), nor is what a link leads
//! to outside the folder, nor a device. A missing folder has no files.
//!
//! In an app, a file whose URL is below a folder with a middleware goes out when that middleware
//! lets the request pass, and is for no shared cache then. The middleware of the root guards no
//! file.

mod conditions;
mod content_coding;
mod embedded;
mod file;
mod folder;
mod media_type;
mod part;
mod path;
mod range;
mod response;

use std::path::Path;
use std::sync::Arc;

use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method};

pub use embedded::Embedded;

use embedded::Table;
use folder::Folder;

/// Static files. See the [module](crate::public).
///
/// ```
/// use anabranch_router::public::Public;
///
/// let public = Public::folder("public", env!("CARGO_MANIFEST_DIR"))
///     .cache_control("public, max-age=3600");
/// ```
#[derive(Clone, Debug)]
pub struct Public {
    files: Files,
    cache_control: HeaderValue,
}

#[derive(Clone, Debug)]
enum Files {
    Folder(Arc<Folder>),
    Embedded(Arc<Table>),
}

impl Public {
    /// The files of a folder.
    ///
    /// It is looked for in the working directory; in a debug build beside the manifest first, so
    /// that `cargo run` serves the package's own files from anywhere. It may come, go and change
    /// while the app runs. If it is not there now, the log says where it would have to be, at
    /// the level DEBUG.
    #[must_use]
    pub fn folder(folder: impl AsRef<Path>, manifest_dir: impl AsRef<Path>) -> Self {
        let folder = Folder::new(folder.as_ref(), manifest_dir.as_ref());
        Self::new(Files::Folder(Arc::new(folder)))
    }

    /// Files that are part of the binary.
    #[must_use]
    pub fn embedded(files: &'static [Embedded]) -> Self {
        Self::new(Files::Embedded(Arc::new(Table::new(files))))
    }

    /// Sets how long browsers and caches keep the files. The default is
    /// `public, max-age=0, must-revalidate`.
    ///
    /// # Panics
    /// If the value holds anything but visible ASCII and spaces.
    #[must_use]
    pub fn cache_control(mut self, value: &'static str) -> Self {
        self.cache_control = HeaderValue::from_static(value);
        self
    }

    /// The answer to a request, or `None` if there is no such file.
    ///
    /// `path` is the path of the URL, percent-encoded as it came.
    pub async fn answer(
        &self,
        method: &Method,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<Response> {
        let path = path::relative(path)?;
        let codings = content_coding::accepted(headers);
        let file = match &self.files {
            Files::Folder(folder) => folder.clone().open(path, codings).await,
            Files::Embedded(table) => Ok(table.find(&path, &codings)),
        };
        match file {
            Ok(file) => Some(response::answer(method, headers, &self.cache_control, file?).await),
            Err(error) => Some(response::unreadable(&error)),
        }
    }

    fn new(files: Files) -> Self {
        Self {
            files,
            cache_control: HeaderValue::from_static("public, max-age=0, must-revalidate"),
        }
    }
}
