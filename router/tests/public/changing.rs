//! Folders and files that change while they are served.

use std::fs;
use std::time::{Duration, SystemTime};

use anabranch_router::Public;
use axum::body::HttpBody as _;
use http::header::{
    CONTENT_LENGTH, IF_NONE_MATCH, IF_RANGE, IF_UNMODIFIED_SINCE, LAST_MODIFIED, RANGE,
};
use http_body_util::BodyExt;
use tempfile::TempDir;

use crate::log::Log;
use crate::support::{BEFORE, CHANGED, body, etag, folder, get, header, write};

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
async fn a_big_file_says_how_much_of_it_is_left() {
    let (guard, public) = folder();
    let content: Vec<_> = (0..=u8::MAX).cycle().take(300_000).collect();
    fs::write(guard.path().join("public/big.txt"), &content).unwrap();
    for (list, part) in [
        (vec![], &content[..]),
        (vec![(RANGE, "bytes=7-250006")], &content[7..250_007]),
    ] {
        let response = get(&public, "/big.txt", &list).await.unwrap();
        let length = part.len().to_string();
        assert_eq!(header(&response, &CONTENT_LENGTH), length);
        let mut sent = response.into_body();
        let mut rest = part;
        while !rest.is_empty() {
            assert_eq!(sent.size_hint().exact(), Some(rest.len() as u64));
            assert!(!sent.is_end_stream());
            let frame = sent.frame().await.unwrap().unwrap();
            let bytes = frame.into_data().unwrap();
            let (read, after) = rest.split_at(bytes.len());
            assert_eq!(bytes, read);
            rest = after;
        }
        // A server that counts does not ask for the end.
        assert_eq!(sent.size_hint().exact(), Some(0));
        assert!(sent.is_end_stream());
        assert!(sent.frame().await.is_none());
    }
}

#[tokio::test]
async fn a_file_that_grows_meanwhile_does_not_go_on() {
    let (guard, public) = folder();
    let file = guard.path().join("public/big.txt");
    let long = vec![b'a'; 300_000];
    fs::write(&file, &long).unwrap();
    let growing = get(&public, "/big.txt", &[]).await.unwrap();
    fs::write(&file, [&long[..], b"and more"].concat()).unwrap();
    assert_eq!(body(growing).await, long);
}

#[tokio::test]
async fn a_file_that_shrinks_meanwhile_fails() {
    let (guard, public) = folder();
    let file = guard.path().join("public/big.txt");
    for rest in ["", "aaa"] {
        fs::write(&file, vec![b'a'; 300_000]).unwrap();
        let response = get(&public, "/big.txt", &[]).await.unwrap();
        assert_eq!(header(&response, &CONTENT_LENGTH), "300000");
        fs::write(&file, rest).unwrap();
        let mut sent = response.into_body();
        if !rest.is_empty() {
            let frame = sent.frame().await.unwrap().unwrap();
            assert_eq!(frame.into_data().unwrap(), rest);
        }
        let error = sent.frame().await.unwrap().unwrap_err().into_inner();
        let error = error.downcast::<std::io::Error>().unwrap();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
        let text = error.to_string();
        assert!(text.contains("became shorter while it was sent"), "{text}");
        assert!(!sent.is_end_stream());
        assert!(sent.frame().await.is_none());
    }
}
