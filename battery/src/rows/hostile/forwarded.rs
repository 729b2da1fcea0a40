//! S5: headers by which a client claims to be somebody else, or to have asked somewhere else.
//!
//! No proxy is configured, so an answer with such headers is the answer without them, byte for
//! byte: pages, redirects, decisions of guards, and what the app is told of its client.

use anabranch::Connection;
use axum::Extension;
use axum::Router;
use axum::http::Uri;
use axum::routing::get;

use super::site::{Caller, Site};
use crate::client::Reply;
use crate::{Form, Outcome, check};

#[rustfmt::skip]
const FORGED: &[&str] = &[
    "x-forwarded-for: 10.0.0.1", "x-forwarded-for: 127.0.0.1, 10.0.0.1, unknown",
    "x-forwarded-host: evil.example", "x-forwarded-proto: https", "x-forwarded-proto: javascript",
    "x-forwarded-port: 444", "x-forwarded-prefix: //evil.example", "x-forwarded-path: /guarded",
    "x-forwarded-uri: /guarded", "x-forwarded-server: evil.example", "x-forwarded-ssl: on",
    "x-forwarded-user: admin", "forwarded: for=10.0.0.1;host=evil.example;proto=https",
    "forwarded: for=\"[::1]:80\";by=secret, host=\"//evil.example\"", "x-real-ip: 10.0.0.1",
    "x-client-ip: 10.0.0.1", "true-client-ip: 10.0.0.1", "cf-connecting-ip: 10.0.0.1",
    "x-original-url: /guarded", "x-rewrite-url: /guarded", "x-original-uri: /guarded",
    "x-host: evil.example", "x-original-host: evil.example", "x-http-method-override: DELETE",
    "x-http-method: DELETE", "x-method-override: DELETE",
    "x-middleware-subrequest: guarded/middleware:guarded/middleware",
    "x-request-id: 00000000-forged", "x-accel-redirect: /guarded", "x-sendfile: /etc/passwd",
    "via: 1.1 evil.example", "front-end-https: on", "origin: http://evil.example",
    "referer: http://evil.example/guarded",
];

#[rustfmt::skip]
const HOSTS: &[&str] = &[
    "evil.example", "evil.example:80", "127.0.0.1", "[::1]", "localhost.evil.example",
    "evil.example%2f", "", "localhost:99999", "(main)", "guarded",
];

#[rustfmt::skip]
const TARGETS: &[&str] = &[
    "/", "/levels", "/levels/", "//levels", "/levels/7/end", "/guarded", "/guarded/notes",
    "/club", "/form", "/api", "/api/7", "/robots.txt", "/robots.txt/", "/nowhere", "/who",
];

/// Headers that are another's in every answer.
const VARYING: [&str; 2] = ["date", "x-request-id"];

pub(super) async fn run(_: Form) -> Outcome {
    let add = |router: Router| router.route("/who", get(who));
    let site = Site::with(&[("public/robots.txt", "all")], add).await?;
    let mut caller = Caller::new(&site);
    let mut compared = 0;
    for target in TARGETS {
        let plain = seen(&caller.ask("GET", target, "").await?);
        for forged in FORGED {
            let reply = caller.ask("GET", target, &format!("{forged}\r\n")).await?;
            let id = reply.head.header("x-request-id").unwrap_or_default();
            check!(!id.contains("forged"), "{target}: {forged} is taken over");
            let reply = seen(&reply);
            check!(
                reply == plain,
                "{target} with {forged}: {reply:?} instead of {plain:?}"
            );
            compared += 1;
        }
        for host in HOSTS {
            let reply = seen(&caller.ask_host(host, "GET", target).await?);
            check!(
                reply == plain,
                "{target} of {host}: {reply:?} instead of {plain:?}"
            );
            compared += 1;
        }
    }
    // Whom a form comes from is told by Host alone.
    for forged in [
        "x-forwarded-host: evil.example",
        "forwarded: host=evil.example",
    ] {
        let fields = format!("{forged}\r\norigin: http://evil.example\r\n");
        let reply = caller.ask("POST", "/api", &fields).await?;
        check!(
            reply.status() == 403,
            "a form with {forged}: {}",
            reply.status()
        );
    }
    let unguarded = (site.fixture.guarded.get(), site.fixture.unguarded.get());
    check!(unguarded == (0, 0), "behind the guard: {unguarded:?}");
    Ok(format!(
        "{compared} answers to {} forged headers and {} hosts are those to none",
        FORGED.len(),
        HOSTS.len()
    ))
}

/// What the app is told.
async fn who(Extension(connection): Extension<Connection>, uri: Uri) -> String {
    let peer = connection.peer().map(|peer| peer.ip());
    format!("{peer:?} {uri}")
}

/// An answer without what differs from one to the next.
fn seen(reply: &Reply) -> (u16, Vec<(String, String)>, String) {
    let headers = reply.head.headers.iter();
    let mut headers: Vec<_> = headers
        .filter(|(name, _)| !VARYING.contains(&name.as_str()))
        .cloned()
        .collect();
    headers.sort();
    (reply.status(), headers, reply.text())
}
