//! S21: the headers that every class of response has by default: as `docs/server.md` has them.

use anabranch::csp::Policy;
use anabranch::prelude::{Result, boundary, html, page};
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{any, get, post};

use super::site::{Caller, Site};
use crate::page::document;
use crate::{Form, Outcome, Tried, check};

/// The policy of documents, and that of other content.
const DOCUMENT: &str = "document";
const FRAMES: &str = "frame-ancestors 'self'";

const PUBLIC: &str = "public, max-age=0, must-revalidate";
const VARY: &str = "accept-encoding";

/// A request and what its answer says. What is empty is not there.
struct Class {
    what: &'static str,
    method: &'static str,
    target: &'static str,
    fields: &'static str,
    status: u16,
    policy: &'static str,
    cache: &'static str,
    /// `X-Accel-Buffering`.
    buffering: &'static str,
    vary: &'static str,
}

const BOT: &str = "user-agent: Googlebot/2.1\r\n";

#[rustfmt::skip]
#[expect(clippy::too_many_arguments, reason = "each call is a row of the table")]
const fn class(
    what: &'static str, method: &'static str, target: &'static str, fields: &'static str,
    status: u16, policy: &'static str, cache: &'static str, buffering: &'static str,
    vary: &'static str,
) -> Class {
    Class { what, method, target, fields, status, policy, cache, buffering, vary }
}

#[rustfmt::skip]
const CLASSES: &[Class] = &[
    class("a page that streams",      "GET",  "/streamed", "",     200, DOCUMENT, "private", "no", VARY),
    class("the same page whole",      "GET",  "/streamed", BOT,    200, DOCUMENT, "private", "",   ""),
    class("a page without boundaries","GET",  "/plain/inner", "",  200, DOCUMENT, "",        "",   ""),
    class("HEAD of a page",           "HEAD", "/plain/inner", "",  200, DOCUMENT, "",        "",   ""),
    class("a page that is not there", "GET",  "/nowhere",  "",     404, DOCUMENT, "",        "",   ""),
    class("a page that fails",        "GET",  "/broken/error?page=error", "", 500, DOCUMENT, "", "", ""),
    class("a form with a mistake",    "POST", "/form", "content-type: application/x-www-form-urlencoded\r\n", 422, DOCUMENT, "", "", ""),
    class("a redirect to a spelling", "GET",  "/levels/",  "",     308, "",       "",        "",   ""),
    class("a redirect of a guard",    "GET",  "/guarded",  "",     303, "",       "",        "",   ""),
    class("a status of a guard",      "GET",  "/club",     "",     401, "",       "",        "",   ""),
    class("text",                     "GET",  "/api",      "",     200, FRAMES,   "",        "",   ""),
    class("nothing",                  "DELETE", "/api",    "",     204, "",       "",        "",   ""),
    class("JSON",                     "GET",  "/json",     "",     200, FRAMES,   "",        "",   ""),
    class("long JSON",                "GET",  "/json/long", "",    200, FRAMES,   "",        "",   VARY),
    class("bytes without a type",     "GET",  "/bytes",    "",     200, FRAMES,   "",        "",   ""),
    class("a policy of its own",      "GET",  "/own",      "",     200, "default-src 'none'", "", "", ""),
    class("a style",                  "GET",  "/site.css", "",     200, "",       PUBLIC,    "",   VARY),
    class("a script",                 "GET",  "/site.js",  "",     200, "",       PUBLIC,    "",   VARY),
    class("an image that runs scripts","GET", "/icon.svg", "",     200, DOCUMENT, PUBLIC,    "",   VARY),
    class("an HTML file",             "GET",  "/file.html", "",    200, DOCUMENT, PUBLIC,    "",   VARY),
    class("a text file",              "GET",  "/robots.txt", "",   200, FRAMES,   PUBLIC,    "",   VARY),
    class("a part of a file",         "GET",  "/robots.txt", "range: bytes=0-0\r\n", 206, FRAMES, PUBLIC, "", VARY),
    class("no part of a file",        "GET",  "/robots.txt", "range: bytes=9-\r\n",  416, "", "", "", ""),
    class("a file that is known",     "GET",  "/robots.txt", "if-none-match: *\r\n", 304, "", PUBLIC, "", VARY),
    class("a file that has changed",  "GET",  "/robots.txt", "if-match: \"x\"\r\n",  412, "", "", "", ""),
    class("a method of no file",      "PUT",  "/robots.txt", "",   405, "",       "",        "",   ""),
    class("a method of no page",      "PUT",  "/levels",   "",     405, "",       "",        "",   ""),
    class("a form of another site",   "POST", "/form", "origin: null\r\n", 403, FRAMES, "",  "",   ""),
    class("a handler that panics",    "GET",  "/panic",    "",     500, FRAMES,   "",        "",   ""),
];

/// What no response tells.
const TELLING: [&str; 6] = [
    "server",
    "x-powered-by",
    "via",
    "x-runtime",
    "x-version",
    "x-generator",
];

pub(super) async fn run(_: Form) -> Outcome {
    let files = [
        ("public/site.css", "css"),
        ("public/site.js", "js"),
        (
            "public/icon.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        ),
        ("public/file.html", "<p>x"),
        ("public/robots.txt", "all"),
    ];
    let site = Site::with(&files, app).await?;
    let mut caller = Caller::new(&site);
    let mut wrong = Vec::new();
    for class in CLASSES {
        if let Err(failure) = says(&mut caller, class).await {
            wrong.push(format!("{}: {failure}", class.what));
        }
    }
    check!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(format!(
        "{} classes of responses, 8 headers each: as the table has them",
        CLASSES.len()
    ))
}

fn app(router: Router) -> Router {
    let json = || [(CONTENT_TYPE, "application/json")];
    router
        .route("/streamed", get(page(streamed)))
        .route("/json", get(move || async move { (json(), "{}") }))
        .route(
            "/json/long",
            get(move || async move { (json(), format!("[{}0]", "0,".repeat(2_000))) }),
        )
        .route("/bytes", get(|| async { vec![0_u8, 1] }))
        .route(
            "/own",
            get(|| async { ([("content-security-policy", "default-src 'none'")], "own") }),
        )
        .route("/panic", any(panics))
        .route("/never", post(|| async {}))
}

async fn panics() -> &'static str {
    panic!("as the visitor wished")
}

async fn streamed() -> Result {
    let late = async {
        tokio::task::yield_now().await;
        Ok(html! { p { "late" } })
    };
    Ok(document(
        html! { (boundary(late).loading(html! { p { "…" } })) },
    ))
}

async fn says(caller: &mut Caller, class: &Class) -> Tried {
    let body = if class.status == 422 { "minutes=x" } else { "" };
    let fields = format!("host: localhost\r\n{}", class.fields);
    let reply = caller
        .send(class.method, class.target, &fields, body)
        .await?;
    check!(
        reply.status() == class.status,
        "{} instead of {}",
        reply.status(),
        class.status
    );
    let policy = match class.policy {
        DOCUMENT => Policy::relaxed().to_string(),
        other => other.to_owned(),
    };
    for (name, expected) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("content-security-policy", &policy),
        ("cache-control", class.cache),
        ("x-accel-buffering", class.buffering),
        ("vary", class.vary),
    ] {
        let found: Vec<_> = reply.head.all(name).collect();
        check!(
            found.join(" and ") == expected,
            "{name} is {found:?} instead of {expected:?}"
        );
    }
    let ids: Vec<_> = reply.head.all("x-request-id").collect();
    let is_new = ids.len() == 1 && ids[0].len() == 16;
    check!(is_new, "x-request-id is {ids:?}");
    let telling = TELLING
        .iter()
        .find(|name| reply.head.header(name).is_some());
    check!(telling.is_none(), "it tells {telling:?}");
    Ok(())
}
