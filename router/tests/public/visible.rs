//! Which paths lead to a file, and what a file comes with.

use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH,
    CONTENT_RANGE, CONTENT_TYPE, ETAG, LAST_MODIFIED, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, Method};

use crate::support::{CHANGED, CSS, body, folder, get, header, sources, write};

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

/// A step of the deployment may have left it for its owner alone.
#[cfg(unix)]
#[tokio::test]
async fn a_variant_that_may_not_be_read_is_none() {
    use std::os::unix::fs::PermissionsExt;
    let (guard, public) = folder();
    let variant = guard.path().join("public/site.css.br");
    std::fs::set_permissions(&variant, std::fs::Permissions::from_mode(0o000)).unwrap();
    // An administrator may read everything.
    let expected: (_, &[u8]) = match std::fs::File::open(&variant) {
        Ok(_) => ("br", b"brotli"),
        Err(_) => ("gzip", b"gzip"),
    };
    let list = [(ACCEPT_ENCODING, "br, gzip")];
    let response = get(&public, "/site.css", &list).await.unwrap();
    let coding = header(&response, &CONTENT_ENCODING).to_owned();
    assert_eq!((coding.as_str(), &*body(response).await), expected);
}
