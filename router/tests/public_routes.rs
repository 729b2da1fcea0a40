//! Static files behind the routes of an app: who answers, and which spellings reach a file.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::fs;

use anabranch_engine::ResponseParts;
use anabranch_router::app::{Answer, Leaf, Routes, Visit};
use anabranch_router::{Public, RouteError};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, ORIGIN, RANGE, VARY,
};
use http::{HeaderName, Method, StatusCode, Uri};
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
    let (_place, public) = files(&[
        "desk/plan.txt",
        "desk/old/plan.txt",
        "desktop.txt",
        "open.txt",
    ]);
    let leaf = || Leaf::<()>::new().middleware(0, note);
    let routes = Routes::new()
        .route("/desk", leaf().middleware(0, guard).get(0, async || "desk"))
        .unmatched("/", leaf().page(nothing))
        .unmatched("/desk", leaf().middleware(0, guard).page(nothing));
    let app = routes.public(public).into_router();
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

/// These files of `public/`, which are there as long as the folder is held.
fn files(paths: &[&str]) -> (TempDir, Public) {
    let place = TempDir::new().unwrap();
    for path in paths {
        let file = place.path().join("public").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "the file").unwrap();
    }
    let public = Public::folder(place.path().join("public"), place.path());
    (place, public)
}

/// Status, and the values of a header, in order.
fn told(response: &Response, name: HeaderName) -> (u16, Vec<&str>) {
    let values = response.headers().get_all(name).iter();
    let values = values.map(|value| value.to_str().unwrap());
    (response.status().as_u16(), values.collect())
}

#[tokio::test]
async fn what_a_guard_says_of_caches_is_said_of_its_files() {
    async fn guard(parts: ResponseParts, request: Request) -> Result<Request, RouteError> {
        parts.insert_header(CACHE_CONTROL, "no-store")?;
        parts.insert_header(VARY, "cookie")?;
        Ok(request)
    }
    async fn varies(parts: ResponseParts, request: Request) -> Result<Request, RouteError> {
        parts.insert_header(VARY, "Accept-Encoding")?;
        Ok(request)
    }
    let (_place, public) = files(&["desk/plan.txt", "shelf/plan.txt"]);
    let desk = || Leaf::<()>::new().middleware(0, guard);
    let shelf = || Leaf::<()>::new().middleware(0, varies);
    let own = async || ([(VARY, "accept"), (CACHE_CONTROL, "max-age=5")], "own");
    let same = async || ([(VARY, "Cookie")], "the same");
    let app = Routes::new()
        .route("/desk/own", desk().get(0, own))
        .route("/desk/same", desk().get(0, same))
        .unmatched("/", Leaf::new().page(nothing))
        .unmatched("/desk", desk().page(nothing))
        .unmatched("/shelf", shelf().page(nothing))
        .public(public)
        .into_router();
    let get = async |path: &str, header: (HeaderName, &str)| {
        let request = Request::get(path).header(header.0, header.1);
        let request = request.body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap()
    };

    let whole = get("/desk/plan.txt", (ACCEPT, "*/*")).await;
    let part = get("/desk/plan.txt", (RANGE, "bytes=0-2")).await;
    let etag = whole.headers()[ETAG].to_str().unwrap();
    let known = get("/desk/plan.txt", (IF_NONE_MATCH, etag)).await;
    for (response, status) in [(&whole, 200), (&part, 206), (&known, 304)] {
        assert_eq!(told(response, CACHE_CONTROL), (status, vec!["no-store"]));
        let vary = vec!["cookie", "accept-encoding"];
        assert_eq!(told(response, VARY), (status, vary));
    }

    // A route's own header wins, but for what it varies by.
    let own = get("/desk/own", (ACCEPT, "*/*")).await;
    assert_eq!(told(&own, VARY), (200, vec!["cookie", "accept"]));
    assert_eq!(told(&own, CACHE_CONTROL), (200, vec!["max-age=5"]));
    let same = get("/desk/same", (ACCEPT, "*/*")).await;
    assert_eq!(told(&same, VARY), (200, vec!["cookie"]));

    // A guard that says nothing of caches leaves the file private.
    let shelf = get("/shelf/plan.txt", (ACCEPT, "*/*")).await;
    assert_eq!(told(&shelf, VARY), (200, vec!["Accept-Encoding"]));
    assert_eq!(
        told(&shelf, CACHE_CONTROL),
        (200, vec!["private, no-cache"])
    );
}

#[tokio::test]
async fn a_guard_does_not_have_files_stored_that_no_cache_may_store() {
    let guard = async |request: Request| request;
    for (own, said) in [
        ("no-store", "no-store"),
        ("private, No-Store", "private, No-Store"),
        ("private, max-age=5", "private, no-cache"),
    ] {
        let (_place, public) = files(&["desk/plan.txt"]);
        let desk = Leaf::<()>::new().middleware(0, guard).page(nothing);
        let app = Routes::new()
            .unmatched("/desk", desk)
            .public(public.cache_control(own))
            .into_router();
        let request = Request::get("/desk/plan.txt").body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        assert_eq!(told(&response, CACHE_CONTROL), (200, vec![said]), "{own}");
    }
}

#[tokio::test]
async fn a_guard_is_one_that_the_root_does_not_have_however_many_that_has() {
    async fn refuse(_: Request) -> Result<Request, StatusCode> {
        Err(StatusCode::UNAUTHORIZED)
    }
    async fn site(request: Request) -> Request {
        request
    }
    async fn guard(parts: ResponseParts, request: Request) -> Result<Request, RouteError> {
        parts.insert_header(HeaderName::from_static("x-guard"), "desk")?;
        Ok(request)
    }
    let (_place, public) = files(&[
        "desk/plan.txt",
        "desk/settings/plan.txt",
        "vault/plan.txt",
        "club/plan.txt",
    ]);
    let on = || Leaf::<()>::new().middleware(0, site);
    let app = Routes::new()
        .route("/[org]/settings", on().get(1, async || "settings"))
        .unmatched("/", on().page(nothing))
        .unmatched("/desk", Leaf::new().middleware(0, guard).page(nothing))
        .unmatched("/vault", Leaf::new().middleware(0, refuse).page(nothing))
        .unmatched("/club", on().page(nothing))
        .unmatched("/[org]/settings", on().page(nothing))
        .public(public)
        .into_router();
    let get = async |path: &str| {
        let request = Request::get(path).body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap()
    };
    let by_guard = HeaderName::from_static("x-guard");
    for path in ["/desk/plan.txt", "/desk/settings/plan.txt"] {
        let file = get(path).await;
        assert_eq!(told(&file, by_guard.clone()), (200, vec!["desk"]), "{path}");
        assert_eq!(told(&file, CACHE_CONTROL).1, ["private, no-cache"]);
    }
    for path in ["/vault/plan.txt", "/vault/settings"] {
        assert_eq!(get(path).await.status(), 401, "{path}");
    }
    let open = get("/club/plan.txt").await;
    let public = vec!["public, max-age=0, must-revalidate"];
    assert_eq!(told(&open, CACHE_CONTROL), (200, public));
    assert_eq!(get("/acme/settings").await.status(), 200);
}

#[tokio::test]
async fn one_function_in_two_files_is_two_guards() {
    async fn guard(request: Request) -> Request {
        request
    }
    let (_place, public) = files(&["desk/plan.txt", "club/plan.txt"]);
    let of = |file| {
        Leaf::<()>::new()
            .at(file)
            .middleware(0, guard)
            .page(nothing)
    };
    let app = Routes::new()
        .unmatched("/", of("app/(site)/middleware.rs"))
        .unmatched("/desk", of("app/desk/middleware.rs"))
        .unmatched("/club", of("app/(site)/middleware.rs"))
        .public(public)
        .into_router();
    for (path, cache_control) in [
        ("/desk/plan.txt", "private, no-cache"),
        ("/club/plan.txt", "public, max-age=0, must-revalidate"),
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        let file = app.clone().oneshot(request).await.unwrap();
        assert_eq!(told(&file, CACHE_CONTROL), (200, vec![cache_control]));
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
