//! Static files behind the routes of an app: who answers, and which spellings reach a file.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::fs;

use anabranch_router::Public;
use anabranch_router::app::{Answer, Leaf, Routes, Visit};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, ORIGIN};
use http::{Method, StatusCode, Uri};
use http_body_util::BodyExt;
use tempfile::TempDir;
use tower::ServiceExt;

fn app() -> (TempDir, Router) {
    let guard = TempDir::new().unwrap();
    let root = guard.path().join("public");
    for (path, text) in [
        ("public/site.css", "the file"),
        ("public/about", "the file"),
        ("public/img/a b.svg", "the file"),
        ("public/.env", "hidden"),
        ("outside.txt", "outside"),
        ("public-too/outside.txt", "outside"),
    ] {
        let file = guard.path().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let routes = Routes::new()
        .route("/about", Leaf::new().get(0, async || "the route"))
        .route(
            "/img/[name]/[more]",
            Leaf::new().get(2, async || "the route"),
        )
        .public(Public::folder(root, guard.path()));
    (guard, routes.into_router())
}

/// Status, `Location` and text of what comes back.
async fn send(app: &Router, method: Method, path: &str) -> (u16, Option<String>, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(ORIGIN, "https://other.example")
        .body(Body::empty())
        .unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let location = response.headers().get(LOCATION);
    let location = location.map(|value| value.to_str().unwrap().to_owned());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, location, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn routes_come_before_files() {
    let (_guard, app) = app();
    for (method, path, status, text) in [
        (Method::GET, "/about", 200, "the route"),
        (Method::GET, "/site.css", 200, "the file"),
        (Method::GET, "/site.css?v=1", 200, "the file"),
        (Method::HEAD, "/site.css", 200, ""),
        (Method::OPTIONS, "/site.css", 204, ""),
        (Method::POST, "/site.css", 403, "This request was refused"),
        (Method::GET, "/img/a%20b.svg", 200, "the file"),
        (Method::GET, "/img/a/b", 200, "the route"),
        (Method::GET, "/img", 404, "Page not found"),
        (Method::GET, "/nothing.css", 404, "Page not found"),
        (Method::GET, "/.env", 404, "Page not found"),
    ] {
        let reply = send(&app, method, path).await;
        assert_eq!(reply.0, status, "{path}");
        assert!(reply.2.contains(text), "{path}: {}", reply.2);
    }
}

#[tokio::test]
async fn a_file_has_one_spelling() {
    let (_guard, app) = app();
    for (path, canonical) in [
        ("/site.css/", "/site.css"),
        ("/%73ite.css", "/site.css"),
        ("/img//a%20b.svg", "/img/a%20b.svg"),
        ("/img/a%20b.svg/?x=%2F", "/img/a%20b.svg?x=%2F"),
    ] {
        let (status, location, _) = send(&app, Method::GET, path).await;
        assert_eq!(
            (status, location.as_deref()),
            (308, Some(canonical)),
            "{path}"
        );
    }
}

#[tokio::test]
async fn no_spelling_leads_outside() {
    let (_guard, app) = app();
    let up = [
        "..",
        "%2e%2e",
        "%2E.",
        ".%2e",
        "%252e%252e",
        "..;",
        "..;x=1",
        "...",
        "....",
        ".. ",
        "..%00",
        "..%20",
        "%c0%ae%c0%ae",
        "%uff0e%uff0e",
        "%e3%80%82%e3%80%82",
        "\u{ff0e}.",
        "~",
    ];
    let between = [
        "/",
        "//",
        "/./",
        "/%2f",
        "%2f",
        "%2F",
        "%5c",
        "\\",
        "%252f",
        "/\\",
        "%2f%2e%2f",
    ];
    let ends = ["outside.txt", "public-too/outside.txt", "public/.env"];
    let mut tried = 0;
    for start in ["/", "/img/", "/img"] {
        for (up, between) in up
            .iter()
            .flat_map(|up| between.map(|between| (up, between)))
        {
            for end in ends {
                let path = format!("{start}{up}{between}{end}");
                // What is no URI at all never gets this far.
                if path.parse::<Uri>().is_err() {
                    continue;
                }
                tried += 1;
                let (status, _, text) = send(&app, Method::GET, &path).await;
                assert!(matches!(status, 404 | 308 | 200), "{path}: {status}");
                assert!(status != 200 || text == "the route", "{path}: {text}");
            }
        }
    }
    assert!(tried > 1000, "{tried}");
}

#[tokio::test]
async fn a_guard_is_before_the_files_below_its_folder() {
    async fn guard(request: Request) -> Result<Request, StatusCode> {
        let member = request.headers().contains_key("x-session");
        member.then_some(request).ok_or(StatusCode::UNAUTHORIZED)
    }
    async fn note(request: Request) -> Request {
        request
    }
    let place = TempDir::new().unwrap();
    for path in [
        "desk/plan.txt",
        "desk/old/plan.txt",
        "desktop.txt",
        "open.txt",
    ] {
        let file = place.path().join("public").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "the file").unwrap();
    }
    let leaf = || Leaf::<()>::new().middleware(0, note);
    let routes = Routes::new()
        .route("/desk", leaf().middleware(0, guard).get(0, async || "desk"))
        .unmatched("/", leaf().page(nothing))
        .unmatched("/desk", leaf().middleware(0, guard).page(nothing));
    let app = routes
        .public(Public::folder(place.path().join("public"), place.path()))
        .into_router();
    for (path, session, status, cache_control) in [
        ("/desk/plan.txt", false, 401, None),
        ("/desk/old/plan.txt", false, 401, None),
        ("/desk/none.txt", false, 401, None),
        ("/desk/plan.txt", true, 200, Some("private, no-cache")),
        ("/desk/old/plan.txt", true, 200, Some("private, no-cache")),
        ("/desk/none.txt", true, 404, None),
        (
            "/desktop.txt",
            false,
            200,
            Some("public, max-age=0, must-revalidate"),
        ),
        (
            "/open.txt",
            false,
            200,
            Some("public, max-age=0, must-revalidate"),
        ),
    ] {
        let mut request = Request::get(path);
        if session {
            request = request.header("x-session", "1");
        }
        let request = request.body(Body::empty()).unwrap();
        let response = app.clone().oneshot(request).await.unwrap();
        let kept = response.headers().get(CACHE_CONTROL);
        let kept = kept.map(|value| value.to_str().unwrap());
        assert_eq!(
            (response.status().as_u16(), kept),
            (status, cache_control),
            "{path} with a session: {session}"
        );
    }
}

/// A page that is not there.
async fn nothing(mut visit: Visit<()>) -> Answer {
    let nothing = visit.unmatched();
    visit.answer(nothing).await
}

#[tokio::test]
async fn without_a_folder_there_are_no_files() {
    let guard = TempDir::new().unwrap();
    let public = Public::folder(guard.path().join("public"), guard.path());
    let app = Routes::<()>::new().public(public).into_router();
    let request = Request::get("/site.css").body(Body::empty()).unwrap();
    let response = app.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 404);
    assert_eq!(response.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
}
