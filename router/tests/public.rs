//! Static files: one table of requests, over a folder and over embedded files.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

#[path = "support/log.rs"]
mod log;

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anabranch_router::{Embedded, Public};
use axum::response::Response;
use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_RANGE,
    IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, Method};
use http_body_util::BodyExt;
use tempfile::TempDir;

use log::Log;

const CSS: &[u8] = b"0123456789";
const FILES: &[(&str, &[u8])] = &[
    ("/site.css", CSS),
    ("/site.css.br", b"brotli"),
    ("/site.css.gz", b"gzip"),
    ("/empty.txt", b""),
    ("/img/a b.svg", b"<svg/>"),
    ("/data", b"\0\x01"),
    ("/.well-known/security.txt", b"Contact: x\n"),
];

/// The same, as the build script writes it.
static EMBEDDED: [Embedded; 7] = [
    Embedded::new(FILES[0].0, FILES[0].1),
    Embedded::new(FILES[1].0, FILES[1].1),
    Embedded::new(FILES[2].0, FILES[2].1),
    Embedded::new(FILES[3].0, FILES[3].1),
    Embedded::new(FILES[4].0, FILES[4].1),
    Embedded::new(FILES[5].0, FILES[5].1),
    Embedded::new(FILES[6].0, FILES[6].1),
];

/// 2026-11-01 12:00:00 UTC.
const CHANGED: &str = "Sun, 01 Nov 2026 12:00:00 GMT";
const BEFORE: &str = "Sun, 01 Nov 2026 11:59:59 GMT";
const AFTER: &str = "Sun, 01 Nov 2026 12:00:01 GMT";

fn write(root: &Path, path: &str, bytes: &[u8]) {
    let file = root.join(path.trim_start_matches('/'));
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, bytes).unwrap();
    let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(1_793_534_400);
    let file = fs::File::options().append(true).open(file).unwrap();
    file.set_modified(changed).unwrap();
}

fn folder() -> (TempDir, Public) {
    let folder = TempDir::new().unwrap();
    let root = folder.path().join("public");
    for (path, bytes) in FILES {
        write(&root, path, bytes);
    }
    let public = Public::folder(&root, folder.path());
    (folder, public)
}

/// Both sources, and whether files have a date.
fn sources() -> (TempDir, [(Public, bool); 2]) {
    let (guard, folder) = folder();
    (
        guard,
        [(folder, true), (Public::embedded(&EMBEDDED), false)],
    )
}

fn headers(list: &[(HeaderName, &str)]) -> HeaderMap {
    let pairs = list.iter();
    pairs
        .map(|(name, value)| (name.clone(), value.parse().unwrap()))
        .collect()
}

async fn get(public: &Public, path: &str, list: &[(HeaderName, &str)]) -> Option<Response> {
    public.answer(&Method::GET, path, &headers(list)).await
}

async fn etag(public: &Public, path: &str, list: &[(HeaderName, &str)]) -> String {
    let response = get(public, path, list).await.unwrap();
    response.headers()[ETAG].to_str().unwrap().to_owned()
}

async fn body(response: Response) -> Vec<u8> {
    response
        .into_body()
        .collect()
        .await
        .unwrap()
        .to_bytes()
        .to_vec()
}

fn header<'r>(response: &'r Response, name: &HeaderName) -> &'r str {
    let value = response.headers().get(name);
    value.map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_file_comes_with_what_browsers_need() {
    let (_guard, sources) = sources();
    for (public, dated) in &sources {
        for (path, media_type, content) in [
            ("/site.css", "text/css; charset=utf-8", CSS),
            ("/empty.txt", "text/plain; charset=utf-8", b""),
            ("/img/a%20b.svg", "image/svg+xml", b"<svg/>"),
            ("/data", "application/octet-stream", b"\0\x01"),
            (
                "/.well-known/security.txt",
                "text/plain; charset=utf-8",
                b"Contact: x\n",
            ),
            ("/site.css.gz", "application/gzip", b"gzip"),
        ] {
            for method in [Method::GET, Method::HEAD] {
                let response = public
                    .answer(&method, path, &HeaderMap::new())
                    .await
                    .unwrap();
                assert_eq!(response.status(), 200, "{path}");
                let length = content.len().to_string();
                for (name, value) in [
                    (CONTENT_TYPE, media_type),
                    (CONTENT_LENGTH, &length),
                    (ACCEPT_RANGES, "bytes"),
                    (CACHE_CONTROL, "public, max-age=0, must-revalidate"),
                    (VARY, "accept-encoding"),
                    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
                    (LAST_MODIFIED, if *dated { CHANGED } else { "" }),
                    (CONTENT_ENCODING, ""),
                    (CONTENT_RANGE, ""),
                ] {
                    assert_eq!(header(&response, &name), value, "{path} {name}");
                }
                let etag = header(&response, &ETAG);
                assert!(
                    etag.starts_with('"') && etag.ends_with('"') && etag.len() > 8,
                    "{etag}"
                );
                let expected = if method == Method::GET { content } else { b"" };
                assert_eq!(body(response).await, expected, "{method} {path}");
            }
        }
    }
}

#[tokio::test]
async fn what_is_no_visible_file_below_the_root_is_not_there() {
    let (guard, sources) = sources();
    let root = guard.path().join("public");
    write(guard.path(), "outside.txt", b"outside");
    write(guard.path(), "public-too/secret.txt", b"outside");
    write(&root, ".env", b"hidden");
    write(&root, ".git/config", b"hidden");
    write(&root, "img/.hidden.svg", b"hidden");
    let outside = guard.path().join("outside.txt");
    let absolute = outside.to_str().unwrap();
    for (public, _) in &sources {
        for path in [
            "/",
            "/img",
            "/img/",
            "/site.css/",
            "/site.css/x",
            "/nothing.css",
            "/Site.css",
            "",
            "site.css",
            "//site.css",
            "/./site.css",
            "/img/../site.css",
            "/img//a%20b.svg",
            "/../outside.txt",
            "/%2e%2e/outside.txt",
            "/..%2foutside.txt",
            "/%2e%2e%2foutside.txt",
            "/..%5coutside.txt",
            "/..\\outside.txt",
            "/%252e%252e/outside.txt",
            "/....//outside.txt",
            "/..;/outside.txt",
            "/img/..%00/outside.txt",
            "/../public-too/secret.txt",
            "/site.css%00",
            "/site.css%00.png",
            "/site.css%20",
            "/site.css.",
            "/%c0%ae%c0%ae/outside.txt",
            "/.env",
            "/%2eenv",
            "/.git/config",
            "/img/.hidden.svg",
            "/.well-known",
            "/img%2fa%20b.svg",
            "/site.css%",
            "/site.css%zz",
            "/proc/self/environ",
            "/dev/zero",
            absolute,
            &format!("/{absolute}"),
            &format!("/{}", "a".repeat(5000)),
            &"/a".repeat(5000),
        ] {
            assert!(get(public, path, &[]).await.is_none(), "{path}");
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn links_lead_nowhere_but_inside() {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    let (guard, public) = folder();
    let root = guard.path().join("public");
    write(guard.path(), "outside/secret.txt", b"outside");
    write(&root, ".env", b"hidden");
    symlink("../outside/secret.txt", root.join("file.txt")).unwrap();
    symlink(guard.path().join("outside"), root.join("folder")).unwrap();
    symlink("folder/secret.txt", root.join("twice.txt")).unwrap();
    symlink("../public/../outside/secret.txt", root.join("around.txt")).unwrap();
    symlink("../outside/secret.txt", root.join("site.css.zst")).unwrap();
    symlink(".env", root.join("env.txt")).unwrap();
    symlink("loop.txt", root.join("loop.txt")).unwrap();
    symlink("gone.txt", root.join("dangling.txt")).unwrap();
    symlink("/dev/zero", root.join("zero.bin")).unwrap();
    symlink("site.css", root.join("inside.css")).unwrap();
    let pipe = Command::new("mkfifo").arg(root.join("pipe.txt")).status();
    assert!(pipe.unwrap().success());
    for path in [
        "/file.txt",
        "/folder",
        "/folder/secret.txt",
        "/twice.txt",
        "/around.txt",
        "/env.txt",
        "/loop.txt",
        "/dangling.txt",
        "/zero.bin",
        "/pipe.txt",
    ] {
        assert!(get(&public, path, &[]).await.is_none(), "{path}");
    }
    let inside = get(&public, "/inside.css", &[]).await.unwrap();
    assert_eq!(body(inside).await, CSS);
    // A variant that leads outside is not there either.
    let response = get(&public, "/site.css", &[(ACCEPT_ENCODING, "zstd")])
        .await
        .unwrap();
    assert_eq!(body(response).await, CSS);
}

#[tokio::test]
async fn the_best_variant_goes_out() {
    let (_guard, sources) = sources();
    for (public, _) in &sources {
        let mut etags = vec![etag(public, "/site.css", &[]).await];
        for (accept, coding, content) in [
            ("gzip", "gzip", &b"gzip"[..]),
            ("gzip, deflate, br, zstd", "br", b"brotli"),
            ("br;q=0.1, gzip", "gzip", b"gzip"),
            ("br;q=0, *", "gzip", b"gzip"),
            ("zstd", "", CSS),
            ("identity", "", CSS),
            ("gzip;q=0", "", CSS),
            ("nonsense;;q", "", CSS),
        ] {
            let list = [(ACCEPT_ENCODING, accept)];
            let response = get(public, "/site.css", &list).await.unwrap();
            assert_eq!(header(&response, &CONTENT_ENCODING), coding, "{accept}");
            assert_eq!(header(&response, &CONTENT_TYPE), "text/css; charset=utf-8");
            assert_eq!(
                header(&response, &CONTENT_LENGTH),
                content.len().to_string()
            );
            assert_eq!(header(&response, &VARY), "accept-encoding");
            etags.push(header(&response, &ETAG).to_owned());
            assert_eq!(body(response).await, content, "{accept}");
        }
        etags.sort();
        etags.dedup();
        assert_eq!(etags.len(), 3, "each variant is something else: {etags:?}");
        let list = [(ACCEPT_ENCODING, "br"), (RANGE, "bytes=1-2")];
        let response = get(public, "/site.css", &list).await.unwrap();
        assert_eq!(header(&response, &CONTENT_RANGE), "bytes 1-2/6");
        assert_eq!(body(response).await, b"ro");
        // A variant is a variant of something.
        assert!(get(public, "/none.css", &list).await.is_none());
    }
}

#[tokio::test]
async fn conditions_are_answered_as_rfc_9110_says() {
    let (_guard, sources) = sources();
    for (public, dated) in &sources {
        let dated = *dated;
        let etag = etag(public, "/site.css", &[]).await;
        let weak = format!("W/{etag}");
        let list = format!("\"a,b\" , {weak},\"c\"");
        let by_date = |status: u16| if dated { status } else { 200 };
        for (conditions, status) in [
            (&[(IF_NONE_MATCH, etag.as_str())][..], 304),
            (&[(IF_NONE_MATCH, &weak)], 304),
            (&[(IF_NONE_MATCH, &list)], 304),
            (&[(IF_NONE_MATCH, "*")], 304),
            (&[(IF_NONE_MATCH, "\"x\""), (IF_NONE_MATCH, &etag)], 304),
            (&[(IF_NONE_MATCH, "\"x\"")], 200),
            (&[(IF_NONE_MATCH, "")], 200),
            (&[(IF_NONE_MATCH, etag.trim_matches('"'))], 200),
            (&[(IF_MODIFIED_SINCE, CHANGED)], by_date(304)),
            (&[(IF_MODIFIED_SINCE, AFTER)], by_date(304)),
            (&[(IF_MODIFIED_SINCE, BEFORE)], 200),
            (
                &[(IF_MODIFIED_SINCE, "Sunday, 01-Nov-26 12:00:00 GMT")],
                by_date(304),
            ),
            (&[(IF_MODIFIED_SINCE, "yesterday")], 200),
            (&[(IF_NONE_MATCH, "\"x\""), (IF_MODIFIED_SINCE, AFTER)], 200),
            (&[(IF_NONE_MATCH, &etag), (IF_MODIFIED_SINCE, BEFORE)], 304),
            (&[(IF_MATCH, &etag)], 200),
            (&[(IF_MATCH, "*")], 200),
            (&[(IF_MATCH, "\"x\""), (IF_MATCH, &etag)], 200),
            (&[(IF_MATCH, &weak)], 412),
            (&[(IF_MATCH, "\"x\"")], 412),
            (&[(IF_MATCH, "\"x\""), (IF_NONE_MATCH, &etag)], 412),
            (&[(IF_MATCH, &etag), (IF_NONE_MATCH, &etag)], 304),
            (&[(IF_UNMODIFIED_SINCE, CHANGED)], 200),
            (&[(IF_UNMODIFIED_SINCE, AFTER)], 200),
            (&[(IF_UNMODIFIED_SINCE, BEFORE)], by_date(412)),
            (&[(IF_UNMODIFIED_SINCE, "x")], 200),
            (&[(IF_MATCH, &etag), (IF_UNMODIFIED_SINCE, BEFORE)], 200),
            (&[(RANGE, "bytes=0-1"), (IF_NONE_MATCH, &etag)], 304),
            (&[(RANGE, "bytes=99-"), (IF_NONE_MATCH, &etag)], 304),
            (&[(RANGE, "bytes=0-1"), (IF_MATCH, "\"x\"")], 412),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in conditions {
                headers.append(name, value.parse().unwrap());
            }
            for method in [Method::GET, Method::HEAD] {
                let response = public.answer(&method, "/site.css", &headers).await.unwrap();
                assert_eq!(response.status(), status, "{conditions:?}, dated: {dated}");
                if status == 304 {
                    assert_eq!(header(&response, &ETAG), etag);
                    assert_eq!(header(&response, &VARY), "accept-encoding");
                    assert!(header(&response, &CACHE_CONTROL).starts_with("public"));
                    assert_eq!(header(&response, &CONTENT_LENGTH), "");
                }
                if status != 200 {
                    assert_eq!(body(response).await, b"");
                }
            }
        }
    }
}

#[tokio::test]
async fn ranges_are_answered_as_rfc_9110_says() {
    let (_guard, sources) = sources();
    for (public, dated) in &sources {
        let etag = etag(public, "/site.css", &[]).await;
        let weak = format!("W/{etag}");
        let by_date = if *dated { 206 } else { 200 };
        for (range, condition, status, content_range, content) in [
            ("bytes=0-0", "", 206, "bytes 0-0/10", "0"),
            ("bytes=2-4", "", 206, "bytes 2-4/10", "234"),
            ("bytes=7-", "", 206, "bytes 7-9/10", "789"),
            ("bytes=-3", "", 206, "bytes 7-9/10", "789"),
            ("bytes=0-", "", 206, "bytes 0-9/10", "0123456789"),
            ("bytes=5-999", "", 206, "bytes 5-9/10", "56789"),
            ("bytes=10-", "", 416, "bytes */10", ""),
            ("bytes=-0", "", 416, "bytes */10", ""),
            ("bytes=4-2", "", 200, "", "0123456789"),
            ("bytes=0-1,3-4", "", 200, "", "0123456789"),
            ("lines=1-2", "", 200, "", "0123456789"),
            ("x", "", 200, "", "0123456789"),
            ("bytes=2-4", &etag, 206, "bytes 2-4/10", "234"),
            ("bytes=2-4", &weak, 200, "", "0123456789"),
            ("bytes=2-4", "\"x\"", 200, "", "0123456789"),
            ("bytes=99-", "\"x\"", 200, "", "0123456789"),
            ("bytes=2-4", BEFORE, 200, "", "0123456789"),
            ("bytes=2-4", AFTER, 200, "", "0123456789"),
            ("bytes=2-4", "x", 200, "", "0123456789"),
        ] {
            let mut list = vec![(RANGE, range)];
            if !condition.is_empty() {
                list.push((IF_RANGE, condition));
            }
            let response = get(public, "/site.css", &list).await.unwrap();
            assert_eq!(response.status(), status, "{list:?}");
            assert_eq!(header(&response, &CONTENT_RANGE), content_range, "{list:?}");
            assert_eq!(header(&response, &X_CONTENT_TYPE_OPTIONS), "nosniff");
            if status != 416 {
                let length = content.len().to_string();
                assert_eq!(header(&response, &CONTENT_LENGTH), length, "{list:?}");
                assert_eq!(header(&response, &ETAG), etag);
            }
            assert_eq!(body(response).await, content.as_bytes(), "{list:?}");
        }
        let list = [(RANGE, "bytes=2-4"), (IF_RANGE, CHANGED)];
        let response = get(public, "/site.css", &list).await.unwrap();
        assert_eq!(response.status(), by_date);
        let head = public
            .answer(&Method::HEAD, "/site.css", &headers(&list[..1]))
            .await
            .unwrap();
        assert_eq!(
            (head.status().as_u16(), header(&head, &CONTENT_LENGTH)),
            (200, "10")
        );
        let empty = get(public, "/empty.txt", &[(RANGE, "bytes=0-")])
            .await
            .unwrap();
        assert_eq!(
            (empty.status().as_u16(), header(&empty, &CONTENT_RANGE)),
            (416, "bytes */0")
        );
    }
}

#[tokio::test]
async fn a_file_is_only_read() {
    let (_guard, sources) = sources();
    for (public, _) in &sources {
        let headers = HeaderMap::new();
        for method in [Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
            let response = public.answer(&method, "/site.css", &headers).await.unwrap();
            assert_eq!(response.status(), 405);
            assert_eq!(header(&response, &ALLOW), "GET, HEAD, OPTIONS");
            assert!(public.answer(&method, "/nothing", &headers).await.is_none());
        }
        let response = public
            .answer(&Method::OPTIONS, "/site.css", &headers)
            .await
            .unwrap();
        assert_eq!(response.status(), 204);
        assert_eq!(header(&response, &ALLOW), "GET, HEAD, OPTIONS");
    }
}

#[tokio::test]
async fn the_cache_control_is_the_app_s() {
    let (_guard, sources) = sources();
    for (public, _) in sources {
        let public = public.cache_control("public, max-age=60");
        let response = get(&public, "/site.css", &[]).await.unwrap();
        assert_eq!(header(&response, &CACHE_CONTROL), "public, max-age=60");
    }
}

#[tokio::test]
async fn a_folder_may_come_and_change_and_go() {
    let guard = TempDir::new().unwrap();
    let root = guard.path().join("public");
    let public = Public::folder(&root, guard.path());
    assert!(get(&public, "/site.css", &[]).await.is_none());
    write(&root, "site.css", b"old");
    let old = etag(&public, "/site.css", &[]).await;
    fs::write(root.join("site.css"), b"new").unwrap();
    let stale = get(&public, "/site.css", &[(IF_NONE_MATCH, &old)])
        .await
        .unwrap();
    assert_eq!(stale.status(), 200);
    assert_eq!(body(stale).await, b"new");
    fs::remove_dir_all(&root).unwrap();
    assert!(get(&public, "/site.css", &[]).await.is_none());
    fs::write(&root, b"a file in place of the folder").unwrap();
    assert!(get(&public, "/site.css", &[]).await.is_none());
    assert!(get(&public, "/", &[]).await.is_none());
}

#[tokio::test]
async fn a_file_older_than_http_is_sent_without_a_date() {
    let (guard, public) = folder();
    let path = guard.path().join("public/site.css");
    let second = Duration::from_secs(1);
    for (changed, date) in [
        (SystemTime::UNIX_EPOCH, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (SystemTime::UNIX_EPOCH - second, ""),
    ] {
        let file = fs::File::options().append(true).open(&path).unwrap();
        file.set_modified(changed).unwrap();
        let response = get(&public, "/site.css", &[(IF_UNMODIFIED_SINCE, BEFORE)]);
        let response = response.await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(header(&response, &LAST_MODIFIED), date);
        let list = [(RANGE, "bytes=0-1"), (IF_RANGE, CHANGED)];
        let response = get(&public, "/site.css", &list).await.unwrap();
        assert_eq!(response.status(), 200);
        let etag = etag(&public, "/site.css", &[]).await;
        let response = get(&public, "/site.css", &[(IF_NONE_MATCH, &etag)]).await;
        assert_eq!(response.unwrap().status(), 304);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn another_file_has_another_tag_at_the_same_time_and_length() {
    let (guard, public) = folder();
    let root = guard.path().join("public");
    let old = etag(&public, "/site.css", &[]).await;
    assert_eq!(etag(&public, "/site.css", &[]).await, old);
    // As a deployment of a reproducible build does.
    write(&root, "new.css", b"9876543210");
    fs::rename(root.join("new.css"), root.join("site.css")).unwrap();
    let known = [(IF_NONE_MATCH, old.as_str())];
    let response = get(&public, "/site.css", &known).await.unwrap();
    assert_eq!(header(&response, &LAST_MODIFIED), CHANGED);
    assert_eq!(body(response).await, b"9876543210");
}

#[tokio::test]
async fn a_debug_build_looks_beside_the_manifest_first() {
    let guard = TempDir::new().unwrap();
    write(guard.path(), "found-nowhere-else/a.txt", b"a");
    let public = Public::folder("found-nowhere-else", guard.path());
    let found = get(&public, "/a.txt", &[]).await.is_some();
    assert_eq!(found, cfg!(debug_assertions));
    // The tests run in the package's folder, which has such a folder, too.
    let public = Public::folder("src", guard.path());
    assert!(get(&public, "/lib.rs", &[]).await.is_some());
    write(guard.path(), "src/lib.rs", b"the manifest's");
    let found = get(&public, "/lib.rs", &[]).await.unwrap();
    let beside = body(found).await == b"the manifest's";
    assert_eq!(beside, cfg!(debug_assertions));
}

#[test]
fn a_folder_that_is_not_there_is_in_the_log() {
    let guard = TempDir::new().unwrap();
    let place = guard.path().join("nowhere");
    fs::create_dir(&place).unwrap();
    let log = Log::start();
    let _ = Public::folder(&place, guard.path());
    assert_eq!(log.text(), "");
    fs::remove_dir(&place).unwrap();
    let _ = Public::folder(&place, guard.path());
    let log = log.text();
    assert!(log.contains("there is no folder of static files"), "{log}");
    // The working directory and the package's folder make one place here.
    assert_eq!(log.matches("nowhere").count(), 1, "{log}");
    assert!(log.contains(place.to_str().unwrap()), "{log}");
}

#[tokio::test]
async fn a_big_file_is_read_piece_by_piece() {
    let (guard, public) = folder();
    let root = guard.path().join("public");
    // A hole on the disk: long, but nothing to write.
    let file = fs::File::create(root.join("big.bin")).unwrap();
    let len = 8 * 1024 * 1024 * 1024;
    file.set_len(len).unwrap();
    let response = get(&public, "/big.bin", &[]).await.unwrap();
    assert_eq!(header(&response, &CONTENT_LENGTH), len.to_string());
    let mut content = response.into_body();
    for _ in 0..8 {
        let frame = content.frame().await.unwrap().unwrap();
        assert!(frame.into_data().unwrap().len() <= 64 * 1024);
    }
    let tail = get(&public, "/big.bin", &[(RANGE, "bytes=-200000")])
        .await
        .unwrap();
    assert_eq!(body(tail).await.len(), 200_000);
    let middle = format!("bytes={}-{}", len / 2, len / 2 + 9);
    let middle = get(&public, "/big.bin", &[(RANGE, &middle)]).await.unwrap();
    assert_eq!(body(middle).await, [0; 10]);
}

#[tokio::test]
async fn a_file_that_shrinks_meanwhile_ends_early_and_one_that_grows_does_not_go_on() {
    let (guard, public) = folder();
    let file = guard.path().join("public/big.txt");
    let long = vec![b'a'; 300_000];
    fs::write(&file, &long).unwrap();
    let growing = get(&public, "/big.txt", &[]).await.unwrap();
    fs::write(&file, [&long[..], b"and more"].concat()).unwrap();
    assert_eq!(body(growing).await, long);
    let shrinking = get(&public, "/big.txt", &[]).await.unwrap();
    fs::write(&file, b"aaa").unwrap();
    // Shorter than it says: the server cuts the connection, and the client knows.
    assert_eq!(header(&shrinking, &CONTENT_LENGTH), "300008");
    assert_eq!(body(shrinking).await, b"aaa");
}
