//! The table of headers per response class, as `docs/server.md` prints it.

use anabranch_boundaries::{Error, Result, boundary, not_found, redirect};
use anabranch_html::csp::{BRIDGE_HASH, Policy, TRIGGER_HASH};
use anabranch_router::page;
use anabranch_server::Layers;
use axum::body::Body;
use axum::response::{Html, IntoResponse};
use axum::routing::{get, post};
use axum::{Json, Router};
use http::header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{Request, StatusCode};
use maud::html;

use crate::support::{ask, files, lines};

async fn streamed() -> Result {
    let content = async {
        tokio::task::yield_now().await;
        Ok(html! { "later" })
    };
    Ok(html! { h1 { "now" } (boundary(content)) })
}

async fn whole() -> Result {
    Ok(html! { h1 { "now" } })
}

fn app(folder: &std::path::Path) -> Router {
    files(folder)
        .route("/streamed", get(page(streamed)))
        .route("/whole", get(page(whole)))
        .route("/missing", get(page(async || Err(not_found()))))
        .route("/broken", get(page(async || Err(Error::msg("broken")))))
        .route("/moved", get(page(async || Err(redirect("/whole")))))
        .route("/json", get(async || Json("data")))
        .route("/html", get(async || Html("<p>route</p>")))
        .route("/text", get(async || "text"))
        .route("/nothing", get(async || StatusCode::NO_CONTENT))
        .route("/own", get(own))
        .route("/upload", post(async |_: String| "taken"))
}

async fn own() -> impl IntoResponse {
    let headers = [
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
        (REFERRER_POLICY, "no-referrer"),
        (X_CONTENT_TYPE_OPTIONS, "own"),
    ];
    (headers, Html("own"))
}

fn request(method: &str, path: &str) -> Request<Body> {
    let length = if method == "POST" { "3000000" } else { "0" };
    Request::builder()
        .method(method)
        .uri(path)
        .header("content-length", length)
        .body(if method == "POST" {
            Body::from("x")
        } else {
            Body::empty()
        })
        .unwrap()
}

#[tokio::test]
async fn every_class_of_response_has_its_headers() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.css", "a.svg", "a.txt", "a.png"] {
        std::fs::write(folder.path().join(name), "content").unwrap();
    }
    let always = [
        "referrer-policy: strict-origin-when-cross-origin",
        "x-content-type-options: nosniff",
    ];
    let document = format!(
        "content-security-policy: script-src 'self' {BRIDGE_HASH} {TRIGGER_HASH}; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'self'"
    );
    let document = document.as_str();
    let data = "content-security-policy: frame-ancestors 'self'";
    let html = "content-type: text/html; charset=utf-8";
    for (method, path, status, more) in [
        (
            "GET",
            "/streamed",
            200,
            &[
                "cache-control: private",
                document,
                html,
                "vary: accept-encoding",
                "x-accel-buffering: no",
            ][..],
        ),
        (
            "HEAD",
            "/streamed",
            200,
            &["cache-control: private", document, html],
        ),
        ("GET", "/whole", 200, &[document, html]),
        ("GET", "/missing", 404, &[document, html]),
        ("GET", "/broken", 500, &[document, html]),
        ("GET", "/moved", 303, &[document, html, "location: /whole"]),
        (
            "GET",
            "/json",
            200,
            &[data, "content-type: application/json"],
        ),
        ("GET", "/html", 200, &[document, html]),
        (
            "GET",
            "/text",
            200,
            &[data, "content-type: text/plain; charset=utf-8"],
        ),
        ("GET", "/nothing", 204, &[]),
        (
            "POST",
            "/whole",
            413,
            &[
                "connection: close",
                data,
                "content-type: text/plain; charset=utf-8",
            ],
        ),
        (
            "POST",
            "/upload",
            413,
            &[
                "connection: close",
                data,
                "content-type: text/plain; charset=utf-8",
            ],
        ),
        ("DELETE", "/whole", 405, &["allow: GET,HEAD"]),
    ] {
        let response = ask(&Layers::new(), app(folder.path()), request(method, path)).await;
        assert_eq!(response.status(), status, "{method} {path}");
        let mut expected: Vec<_> = always.iter().chain(more).map(ToString::to_string).collect();
        expected.sort();
        let sent = lines(response.headers(), &["content-length", "x-request-id"]);
        assert_eq!(sent, expected, "{method} {path}");
    }
    for (path, status, policy) in [
        ("/a.css", 200, None),
        ("/a.png", 200, None),
        ("/a.svg", 200, Some(document)),
        ("/a.txt", 200, Some(data)),
        ("/none.css", 404, None),
    ] {
        let response = ask(&Layers::new(), app(folder.path()), request("GET", path)).await;
        assert_eq!(response.status(), status, "{path}");
        let sent = lines(response.headers(), &[]);
        let is_security = |line: &&String| {
            ["content-sec", "referrer", "x-content", "x-frame", "server"]
                .into_iter()
                .any(|name| line.starts_with(name))
        };
        let sent: Vec<_> = sent
            .iter()
            .filter(is_security)
            .map(String::as_str)
            .collect();
        let expected: Vec<_> = policy.into_iter().chain(always).collect();
        assert_eq!(sent, expected, "{path}");
    }
}

#[tokio::test]
async fn what_the_app_has_set_stays() {
    let folder = tempfile::tempdir().unwrap();
    let response = ask(&Layers::new(), app(folder.path()), request("GET", "/own")).await;
    let headers = response.headers();
    assert_eq!(headers[CONTENT_SECURITY_POLICY], "default-src 'none'");
    assert_eq!(headers[REFERRER_POLICY], "no-referrer");
    assert_eq!(headers[X_CONTENT_TYPE_OPTIONS], "own");
    assert_eq!(headers.get_all(CONTENT_SECURITY_POLICY).iter().count(), 1);
}

#[tokio::test]
async fn the_policy_is_changed_or_removed() {
    let folder = tempfile::tempdir().unwrap();
    let policy = Policy::strict();
    let layers = Layers::new().csp(&policy);
    let response = ask(&layers, app(folder.path()), request("GET", "/whole")).await;
    assert_eq!(
        response.headers()[CONTENT_SECURITY_POLICY],
        policy.to_string()
    );

    let layers = Layers::new().without_csp();
    let response = ask(&layers, app(folder.path()), request("GET", "/whole")).await;
    assert!(!response.headers().contains_key(CONTENT_SECURITY_POLICY));
    assert!(response.headers().contains_key(REFERRER_POLICY));

    let layers = Layers::new()
        .without_security_headers()
        .without_request_ids();
    let response = ask(&layers, app(folder.path()), request("GET", "/whole")).await;
    assert_eq!(
        lines(response.headers(), &[]),
        [
            "content-length: 12",
            "content-type: text/html; charset=utf-8"
        ]
    );
}

#[tokio::test]
async fn a_request_passes_the_layers_once() {
    let folder = tempfile::tempdir().unwrap();
    let inner = app(folder.path()).layer(Layers::new());
    let outer = Layers::new().without_csp();
    let response = ask(&outer, inner, request("GET", "/whole")).await;
    assert!(!response.headers().contains_key(CONTENT_SECURITY_POLICY));
}
