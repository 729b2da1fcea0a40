//! A folder of files and the same files embedded, and how to ask for them.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anabranch_router::{Embedded, Public};
use axum::response::Response;
use http::header::ETAG;
use http::{HeaderMap, HeaderName, Method};
use http_body_util::BodyExt;
use tempfile::TempDir;

pub(crate) const CSS: &[u8] = b"0123456789";
pub(crate) const FILES: &[(&str, &[u8])] = &[
    ("/site.css", CSS),
    ("/site.css.br", b"brotli"),
    ("/site.css.gz", b"gzip"),
    ("/empty.txt", b""),
    ("/img/a b.svg", b"<svg/>"),
    ("/data", b"\0\x01"),
    ("/.well-known/security.txt", b"Contact: x\n"),
];

/// The same, as the build script writes it.
pub(crate) static EMBEDDED: [Embedded; 7] = [
    Embedded::new(FILES[0].0, FILES[0].1),
    Embedded::new(FILES[1].0, FILES[1].1),
    Embedded::new(FILES[2].0, FILES[2].1),
    Embedded::new(FILES[3].0, FILES[3].1),
    Embedded::new(FILES[4].0, FILES[4].1),
    Embedded::new(FILES[5].0, FILES[5].1),
    Embedded::new(FILES[6].0, FILES[6].1),
];

/// 2026-11-01 12:00:00 UTC.
pub(crate) const CHANGED: &str = "Sun, 01 Nov 2026 12:00:00 GMT";
pub(crate) const BEFORE: &str = "Sun, 01 Nov 2026 11:59:59 GMT";
pub(crate) const AFTER: &str = "Sun, 01 Nov 2026 12:00:01 GMT";

pub(crate) fn write(root: &Path, path: &str, bytes: &[u8]) {
    let file = root.join(path.trim_start_matches('/'));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, bytes).unwrap();
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_793_534_400);
    let file = fs::File::options().append(true).open(file).unwrap();
    file.set_modified(changed).unwrap();
}

pub(crate) fn folder() -> (TempDir, Public) {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("public");
    for (path, bytes) in FILES {
        write(&root, path, bytes);
    }
    let public = Public::folder(&root, folder.path());
    (folder, public)
}

/// Both sources, and whether files have a date.
pub(crate) fn sources() -> (TempDir, [(Public, bool); 2]) {
    let (guard, folder) = folder();
    (
        guard,
        [(folder, true), (Public::embedded(&EMBEDDED), false)],
    )
}

pub(crate) fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
    let pairs = list.iter();
    pairs
        .map(|(name, value)| (name.clone(), value.parse().unwrap()))
        .collect()
}

pub(crate) async fn get(
    public: &Public,
    path: &str,
    list: &[(HeaderName, &str)],
) -> Option<Response> {
    public.answer(&Method::GET, path, &headers(list)).await
}

pub(crate) async fn etag(public: &Public, path: &str, list: &[(HeaderName, &str)]) -> String {
    let response = get(public, path, list).await.unwrap();
    response.headers()[ETAG].to_str().unwrap().to_owned()
}

pub(crate) async fn body(response: Response) -> Vec<u8> {
    response
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
        .to_vec()
}

pub(crate) fn header<'r>(response: &'r Response, name: &HeaderName) -> &'r str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}
