//! What a middleware guards is reached in no spelling without it.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anabranch_router::app::{CurrentPath, Leaf, Path, Request, Routes};
use axum::Router;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode, Uri};

use crate::support::{request, says, send};

/// Calls of the guard, and of what is behind it.
#[derive(Clone, Default)]
struct Counts {
    guard: Arc<AtomicUsize>,
    behind: Arc<AtomicUsize>,
}

fn app(counts: &Counts) -> Router {
    routes(counts).into_router()
}

fn routes(counts: &Counts) -> Routes<()> {
    let leaf = || {
        let guard = counts.guard.clone();
        Leaf::<()>::new().middleware(0, move |request: Request| {
            guard.fetch_add(1, Ordering::SeqCst);
            let allowed = request.headers().contains_key("x-session");
            async move {
                if allowed {
                    Ok(request)
                } else {
                    Err(StatusCode::UNAUTHORIZED)
                }
            }
        })
    };
    let behind = || {
        let behind = counts.behind.clone();
        move || {
            behind.fetch_add(1, Ordering::SeqCst);
            async { "secret" }
        }
    };
    Routes::new()
        .route("/", Leaf::new().page(says("home")))
        .route("/about/[...rest]", Leaf::new().page(says("about")))
        .route("/desk", leaf().page(says("secret")).post(0, behind()))
        .route("/desk/notes", leaf().get(0, behind()).post(0, behind()))
        .route("/desk/[id]", leaf().get(0, behind()))
        .route("/desk/files/[...path]", leaf().get(0, behind()))
        .unmatched("/", Leaf::new().page(says("nothing")))
        .unmatched("/desk", leaf().page(says("nothing on this desk")))
        .without_csrf()
}

/// Ways to spell a path under `/desk`: each is a mistake that some server has made.
fn spellings() -> BTreeSet<String> {
    let mut spellings = BTreeSet::new();
    for target in ["/desk", "/desk/notes", "/desk/7", "/desk/files/a/b"] {
        let mut add = |spelling: String| {
            spellings.insert(spelling);
        };
        for (at, letter) in target.char_indices() {
            let (before, after) = (&target[..at], &target[at + 1..]);
            let code = letter as u32;
            for replaced in [
                format!("%{code:02x}"),
                format!("%{code:02X}"),
                format!("%25{code:02X}"),
                format!("%u{code:04X}"),
                // Overlong UTF-8.
                format!("%C{:X}%{:02X}", code >> 6, 0x80 | (code & 0x3f)),
                letter.to_ascii_uppercase().to_string(),
                format!("{letter}%00"),
                format!("{letter}%0a"),
                format!("{letter}%c2%ad"),
            ] {
                add(format!("{before}{replaced}{after}"));
            }
            if letter == '/' {
                for slash in [
                    "//",
                    "///",
                    "/./",
                    "/../",
                    "/x/../",
                    "/%2e/",
                    "/%2e%2e/",
                    "/.%2e/",
                    "\\",
                    "/\\",
                    "%5c",
                    "%2f",
                    "/;/",
                    "/;x=1/",
                    "/..;/",
                    "/%2f/",
                    "/%20/",
                    "/.",
                    "/..%2f",
                    "%2f..%2f",
                    "/%252e%252e/",
                    "/about/../",
                    "/about/%2e%2e/",
                    "/about/..%5c",
                    "/about//../",
                ] {
                    add(format!("{before}{slash}{after}"));
                }
            }
        }
        for tail in [
            "/", "//", "/.", "/..", "/./", "/../", ".", "..", "%20", "%00", "%0d%0a", ";", ";a=b",
            "?", "??", "?/", "?/../", "?x=//", "/?", "%3f", "%23", "%2f", "%5c", "\\", ".html",
            ".json", "~", "/%2e", "/%2e%2e", "/*", "%", "%2", "%zz", "&", "=", "@", ":", "+", ",",
            "|", "\u{e9}",
        ] {
            add(format!("{target}{tail}"));
        }
        for head in [
            "//",
            "///",
            "/.",
            "/..",
            "/./",
            "/../",
            "/x/..",
            "/%2e",
            "/%2f",
            "/%5c",
            "\\",
            "/;",
            "http://a",
            "http://a/",
            "http://a//",
            "http://a/.",
            "http://a@b",
            "/about/..",
            "*",
            "",
        ] {
            add(format!("{head}{target}"));
        }
    }
    spellings
}

#[tokio::test]
async fn five_hundred_spellings_reach_nothing_without_the_guard() {
    let counts = Counts::default();
    let app = app(&counts);
    let spellings = spellings();
    let mut sent = 0;
    for spelling in &spellings {
        // What is no URI does not come this far.
        if spelling.parse::<Uri>().is_err() {
            continue;
        }
        for method in [Method::GET, Method::POST, Method::HEAD] {
            sent += 1;
            let reply = send(&app, request(method, spelling)).await;
            let text = reply.text().await;
            assert!(!text.contains("secret"), "{spelling}");
        }
    }
    assert!(sent >= 3 * 500, "{sent}");
    assert_eq!(counts.behind.load(Ordering::SeqCst), 0);
    assert!(counts.guard.load(Ordering::SeqCst) > 500);
}

#[tokio::test]
async fn what_the_guard_lets_pass_has_been_seen_by_it() {
    let counts = Counts::default();
    let app = app(&counts);
    for spelling in spellings() {
        if spelling.parse::<Uri>().is_err() {
            continue;
        }
        counts.guard.store(0, Ordering::SeqCst);
        counts.behind.store(0, Ordering::SeqCst);
        let mut request = request(Method::GET, &spelling);
        request
            .headers_mut()
            .insert("x-session", "1".parse().unwrap());
        let text = send(&app, request).await.text().await;
        let guarded = counts.guard.load(Ordering::SeqCst);
        assert!(guarded <= 1, "{spelling}");
        if text.contains("secret") || text.contains("desk") {
            assert_eq!(guarded, 1, "{spelling}");
        }
        assert!(
            counts.behind.load(Ordering::SeqCst) <= guarded,
            "{spelling}"
        );
    }
}

#[tokio::test]
async fn below_a_guarded_prefix_even_nothing_is_guarded() {
    let counts = Counts::default();
    let app = app(&counts);
    for path in [
        "/desk/notes/x",
        "/desk/../about/x",
        "/desk/%2e%2e/about/x",
        "/desk/notes/%00",
        "/desk/notes/x/y/z",
        "/desk/files",
        "/desk//%2e",
    ] {
        let reply = send(&app, request(Method::GET, path)).await;
        assert_eq!(reply.status, 401, "{path}");
    }
}

#[tokio::test]
async fn no_sibling_answers_below_a_guarded_name() {
    let counts = Counts::default();
    let app = routes(&counts)
        .route("/[org]/settings", Leaf::new().page(says("settings")))
        .route("/[...slug]", Leaf::new().page(says("slug")))
        .unmatched("/[org]/settings", Leaf::new().page(says("no settings")))
        .into_router();
    for path in [
        "/desk/settings",
        "/desk/settings/x",
        "/desk/a/b/c",
        "/desk/notes/x",
    ] {
        let reply = send(&app, request(Method::GET, path)).await;
        assert_eq!(reply.status, 401, "{path}");
    }
    for (path, text) in [("/acme/settings", "settings"), ("/x/y", "slug")] {
        let reply = send(&app, request(Method::GET, path)).await;
        assert_eq!(reply.text().await, text);
    }
}

#[tokio::test]
async fn a_guard_sees_the_path_that_it_was_found_by() {
    async fn guard(
        path: CurrentPath,
        Path(id): Path<String>,
        _: Request,
    ) -> Result<Request, Response> {
        Err(format!("{path} {id}").into_response())
    }
    let leaf = || Leaf::<()>::new().middleware(1, guard);
    let app = Routes::new()
        .route("/users/[id]", leaf().page(says("user")))
        .unmatched("/users/[id]", leaf().page(says("nothing")))
        .into_router();
    for spelling in [
        "/users/7",
        "/users/7/x?y",
        "/%75sers/7/%2e%2e",
        "//users//7/../x",
        "/users/%37/%00",
    ] {
        let text = send(&app, request(Method::GET, spelling))
            .await
            .text()
            .await;
        let path = if spelling.contains("x?y") {
            "/users/7/x"
        } else {
            "/users/7"
        };
        assert_eq!(text, format!("{path} 7"), "{spelling}");
    }
}
