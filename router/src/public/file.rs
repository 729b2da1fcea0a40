//! A file that was found, ready to be sent.

use std::fs;
use std::io::{self, SeekFrom};
use std::time::SystemTime;

use axum::body::{Body, Bytes};
use http::HeaderValue;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::content_coding::Coding;
use super::part::Part;

/// What is read whole, so that head and body leave together: a server that leaves Nagle's
/// algorithm on holds back a body that follows its head. A slow reader keeps it in memory.
const SMALL: u64 = 96 * 1024;

/// The representation of a file that a request gets.
#[derive(Debug)]
pub(super) struct File {
    pub(super) content: Content,
    pub(super) len: u64,
    /// Differs between states of the file. In the form of a strong validator.
    pub(super) etag: String,
    /// When it changed last, if that is known and HTTP has a date for it.
    pub(super) modified: Option<SystemTime>,
    pub(super) media_type: HeaderValue,
    /// How the content is compressed.
    pub(super) coding: Option<Coding>,
}

/// Where the bytes are.
#[derive(Debug)]
pub(super) enum Content {
    Disk(fs::File),
    Memory(&'static [u8]),
}

impl Content {
    /// The bytes from `start` up to and without `end`.
    pub(super) async fn body(self, start: u64, end: u64) -> io::Result<Body> {
        match self {
            Self::Disk(file) => from_disk(file, start, end - start).await,
            Self::Memory(bytes) => {
                let index = |at: u64| usize::try_from(at).unwrap_or(bytes.len());
                let part = &bytes[index(start)..index(end)];
                Ok(Body::from(Bytes::from_static(part)))
            }
        }
    }
}

/// A file that shrinks meanwhile is an error, and one that grows does not outgrow its length.
async fn from_disk(file: fs::File, start: u64, len: u64) -> io::Result<Body> {
    let mut file = tokio::fs::File::from_std(file);
    file.seek(SeekFrom::Start(start)).await?;
    if len > SMALL {
        return Ok(Body::new(Part::new(file, len)));
    }
    let mut part = vec![0; len as usize];
    file.read_exact(&mut part).await?;
    Ok(Body::from(part))
}
