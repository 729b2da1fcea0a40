//! S10: ways to make the app send a visitor to another site.
//!
//! A browser follows `Location` as it reads URLs: it drops tabs and line ends, and takes a
//! backslash for a slash. So a location is on this site if it begins with one slash, goes on with
//! neither slash nor backslash, and is visible ASCII.

use std::collections::HashMap;

use anabranch::prelude::{Result, SeeOther, boundary, html, page, redirect, see_other};
use axum::Router;
use axum::extract::Query;
use axum::routing::{get, post};

use super::site::{Caller, Site};
use crate::client::Reply;
use crate::page::document;
use crate::{Form, Outcome, Tried, check};

/// What stands before the name of the host in a target.
#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "//", "///", "////", "/\\", "\\\\", "/%5c", "/%5C%5c", "/%2f", "//%2f", "/./", "//./", "/.//",
    "/%2e//", "/x/..//", "/;//", "//;@", "/%09/", "/%0a/", "/%0d%0a/", "/%09//", "/%00/", "/%20/",
    "//\u{ff0f}", "/\u{ff3c}", "http://localhost//", "http://evil.example//", "/levels//../..//",
    "/@", "//@", "/:", "//x@", "/%2f%2f", "/%252f", "//levels/..//", "/https:",
];

/// The host and what stands behind it, so that the path has another spelling.
#[rustfmt::skip]
const HOSTS: &[&str] = &[
    "evil.example", "evil.example/", "evil.example//", "evil.example/%2e%2e", "evil.example/..",
    "evil.example/x/", "evil.example:80/", "user@evil.example/", "evil.example%2f",
    "%65vil.example", "evil.example\\", "evil.example/?x=//evil.example/",
    "evil.example/?x=%0d%0aset-cookie:%20x=1", "evil.example/%0d%0aset-cookie:%20x=1/",
    "evil.example/%0aset-cookie:x=1", "[::1]/", "https://evil.example/", "javascript:alert(1)/",
    "evil.example/;/", "evil%E3%80%82example/",
];

/// What a visitor could have a program pass to `redirect`, and whether it leads to this site.
#[rustfmt::skip]
const GIVEN: &[(&str, bool)] = &[
    ("/", true), ("/levels", true), ("/levels?next=//evil.example", true), ("/a b", true),
    ("/\u{e9}", true), ("/x/../y", true), ("/.//evil.example", true), ("/x#//evil.example", true),
    ("/%2f/evil.example", true), ("/%09/evil.example", true), ("/@evil.example", true),
    ("//evil.example", false), ("///evil.example", false), ("/\\evil.example", false),
    ("\\\\evil.example", false), ("\\/evil.example", false), ("/\t/evil.example", false),
    ("/\n/evil.example", false), ("/\r/evil.example", false), ("\t//evil.example", false),
    ("\u{1}//evil.example", false), (" //evil.example", false), ("/\u{0}/evil.example", false),
    ("https://evil.example", false), ("HTTPS://evil.example", false), ("http:evil.example", false),
    ("https:/evil.example", false), ("javascript:alert(1)", false), ("data:text/html,x", false),
    ("java\nscript:alert(1)", false), ("evil.example", false), ("levels", false), ("", false),
    ("?x", false), ("#x", false), ("../x", false), ("@evil.example", false),
    ("/x\r\nset-cookie: x=1", false), ("/x\nset-cookie: x=1", false), ("/x\rset-cookie: x=1", false),
    ("/x\u{85}y", false), ("/x\u{2028}y", false), ("/x\u{7f}", false), ("/x\u{1b}[2J", false),
];

pub(super) async fn run(_: Form) -> Outcome {
    let site = Site::with(&[("public/robots.txt", "all")], app).await?;
    let mut caller = Caller::new(&site);
    let (mut asked, mut moved) = (0, 0);
    for before in BEFORE {
        for host in HOSTS {
            let target = format!("{before}{host}");
            for method in ["GET", "POST"] {
                let reply = caller.ask_host("evil.example", method, &target).await?;
                asked += 1;
                moved += usize::from(reply.head.header("location").is_some());
                stays(&reply).map_err(|failure| format!("{method} {target}: {failure}"))?;
            }
        }
    }
    for (given, on_site) in GIVEN {
        let encoded: String = given.bytes().map(|byte| format!("%{byte:02X}")).collect();
        for (method, path) in [("GET", "/to"), ("POST", "/see"), ("GET", "/late")] {
            let reply = caller
                .ask(method, &format!("{path}?to={encoded}"), "")
                .await?;
            let placed = |failure| format!("redirect({given:?}) by {path}: {failure}");
            stays(&reply).map_err(placed)?;
            given_to(&reply, path, *on_site).map_err(placed)?;
        }
    }
    Ok(format!(
        "{asked} requests, {moved} redirects, all on the site; redirect() refuses {} of {} values",
        GIVEN.iter().filter(|(_, on_site)| !on_site).count(),
        GIVEN.len()
    ))
}

type Given = Query<HashMap<String, String>>;

fn app(router: Router) -> Router {
    router
        .route("/to", get(page(early)))
        .route("/see", post(see))
        .route("/late", get(page(late)))
}

async fn early(Query(given): Given) -> Result {
    Err(redirect(&given["to"]))
}

async fn see(Query(given): Given) -> SeeOther {
    see_other(&given["to"])
}

/// In a boundary, when the status has left.
async fn late(Query(given): Given) -> Result {
    let leaves = async move {
        tokio::task::yield_now().await;
        Err(redirect(&given["to"]))
    };
    Ok(document(
        html! { (boundary(leaves).loading(html! { p { "…" } })) },
    ))
}

/// No `Location` leads away, and no header is one of the visitor's making.
fn stays(reply: &Reply) -> Tried {
    for location in reply.head.all("location") {
        check!(is_on_site(location), "location {location:?}");
    }
    let planted = reply
        .head
        .all("set-cookie")
        .find(|cookie| cookie.starts_with("x="));
    check!(planted.is_none(), "a header was planted");
    let body = reply.text().to_lowercase();
    for leading in [
        "href=\"//",
        "href=\"http",
        "url=//",
        "url=http",
        "href=\"javascript",
        "url=javascript",
    ] {
        check!(!body.contains(leading), "the page leads away: {body}");
    }
    Ok(())
}

fn is_on_site(location: &str) -> bool {
    let visible = location.bytes().all(|byte| byte.is_ascii_graphic());
    let rest = location.strip_prefix('/');
    visible && rest.is_some_and(|rest| !rest.starts_with(['/', '\\']))
}

fn given_to(reply: &Reply, path: &str, on_site: bool) -> Tried {
    let status = match (path, on_site) {
        ("/late", _) => 200,
        (_, true) => 303,
        (_, false) => 500,
    };
    check!(
        reply.status() == status,
        "{} instead of {status}",
        reply.status()
    );
    let leads = match path {
        "/late" => reply.text().contains("http-equiv=\"refresh\""),
        _ => reply.head.header("location").is_some(),
    };
    check!(leads == on_site, "leads: {leads}");
    Ok(())
}
