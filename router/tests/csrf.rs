//! Who may send what changes something.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use anabranch_router::Csrf;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::any;
use http::header::{HOST, ORIGIN};
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use tower::ServiceExt;

const OWN: &str = "https://site.example";
const TRUSTED: &str = "https://admin.site.example:8443";

fn app() -> Router {
    let csrf = Csrf::new().trust(TRUSTED).unwrap();
    Router::new().route("/", any(async || "done")).layer(csrf)
}

fn request(method: &Method, site: Option<&str>, origin: Option<&str>) -> Request {
    let mut request = Request::builder()
        .method(method)
        .uri("/")
        .header(HOST, "site.example");
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    if let Some(origin) = origin {
        request = request.header(ORIGIN, origin);
    }
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn exactly_the_documented_cells_pass() {
    let unsafe_methods = [
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::TRACE,
    ];
    let evil = "https://evil.example";
    let origins = [
        None,
        Some(""),
        Some(OWN),
        Some("http://site.example"),
        Some(TRUSTED),
        Some(evil),
        Some("null"),
        Some("https://site.example:444"),
        Some("https://sub.site.example"),
        Some("https://site.example.evil.example"),
        Some("file://site.example"),
    ];
    for method in &unsafe_methods {
        for site in [
            None,
            Some(""),
            Some("same-origin"),
            Some("none"),
            Some("same-site"),
            Some("cross-site"),
            Some("Same-Origin"),
            Some("x"),
        ] {
            for origin in origins {
                let from_here = matches!(origin, None | Some("" | OWN | "http://site.example"));
                let passes = match site {
                    Some("same-origin" | "none") => true,
                    None | Some("") => from_here || origin == Some(TRUSTED),
                    Some(_) => origin == Some(TRUSTED),
                };
                let response = app().oneshot(request(method, site, origin)).await.unwrap();
                let status = if passes {
                    StatusCode::OK
                } else {
                    StatusCode::FORBIDDEN
                };
                assert_eq!(response.status(), status, "{method} {site:?} {origin:?}");
            }
        }
    }
    for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
        let request = request(&method, Some("cross-site"), Some(evil));
        assert_eq!(
            app().oneshot(request).await.unwrap().status(),
            StatusCode::OK
        );
    }
}

#[tokio::test]
async fn the_refusal_says_why_and_what_to_do() {
    let evil = "https://evil.example";
    for (site, origin, reason) in [
        (Some("cross-site"), evil, "its Sec-Fetch-Site header"),
        (None, evil, "its Origin header"),
        (None, "null", "An Origin of null"),
    ] {
        let request = request(&Method::POST, site, Some(origin));
        let response = app().oneshot(request).await.unwrap();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let text = std::str::from_utf8(&body).unwrap();
        assert!(text.contains(reason), "{text}");
        assert!(text.contains("Csrf::new().trust"), "{text}");
        assert!(!text.contains("evil.example"), "{text}");
    }
}

#[test]
fn an_origin_that_browsers_do_not_send_is_no_trusted_one() {
    for origin in [
        "https://a.example",
        "http://localhost:3000",
        "https://[::1]:8443",
    ] {
        assert!(Csrf::new().trust(origin).is_ok(), "{origin}");
    }
    for (origin, advice) in [
        ("https://a.example/", "path"),
        ("https://a.example/x", "path"),
        ("a.example", "scheme"),
        ("ftp://a.example", "scheme"),
        ("https://é.example", "punycode"),
        ("null", "scheme"),
        ("", "empty"),
        ("https://A.example", "\"https://a.example\""),
        ("https://a.example:443", "\"https://a.example\""),
        ("http://a.example:80", "\"http://a.example\""),
    ] {
        let error = Csrf::new().trust(origin).unwrap_err().to_string();
        assert!(
            error.contains(advice) && error.contains(&format!("{origin:?}")),
            "{error}"
        );
    }
}
