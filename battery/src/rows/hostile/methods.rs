//! S7: every method on every kind of resource, as one table.

use super::site::{Caller, Site};
use crate::client::Reply;
use crate::{Form, Outcome, Tried, check};

const METHODS: [&str; 11] = [
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "PROPFIND",
];

/// A kind of resource.
struct Resource {
    what: &'static str,
    path: &'static str,
    allow: &'static str,
    /// In the order of [`METHODS`].
    statuses: [u16; METHODS.len()],
}

const fn resource(
    what: &'static str,
    path: &'static str,
    allow: &'static str,
    statuses: [u16; METHODS.len()],
) -> Resource {
    Resource {
        what,
        path,
        allow,
        statuses,
    }
}

const PAGE: &str = "GET, HEAD, OPTIONS";
const FORM: &str = "GET, HEAD, POST, OPTIONS";
const ALL: &str = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

#[rustfmt::skip]
const RESOURCES: &[Resource] = &[
    //                                                    GET  HEAD POST PUT  PATC DELE OPTI TRAC BREW get  PROP
    resource("a page", "/levels", PAGE,                  [200, 200, 405, 405, 405, 405, 204, 405, 405, 405, 405]),
    resource("a page with a form", "/plain/inner", FORM, [200, 200, 200, 405, 405, 405, 204, 405, 405, 405, 405]),
    resource("a route", "/api", ALL,                     [200, 200, 201, 200, 200, 204, 204, 405, 405, 405, 405]),
    resource("a route with its own", "/api/7", PAGE,     [200, 200, 405, 405, 405, 405, 200, 405, 405, 405, 405]),
    resource("a file", "/robots.txt", PAGE,              [200, 200, 405, 405, 405, 405, 204, 405, 405, 405, 405]),
    resource("a folder of files", "/css", "",            [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    resource("nothing", "/nowhere", "",                  [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    resource("another spelling", "/levels/", "",         [308, 308, 308, 308, 308, 308, 308, 308, 308, 308, 308]),
    resource("a way up", "/levels/../api", "",           [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404]),
    resource("something guarded", "/guarded", "",        [303, 303, 303, 303, 303, 303, 303, 303, 303, 303, 303]),
    resource("a guarded group", "/club", "",             [401, 401, 401, 401, 401, 401, 401, 401, 401, 401, 401]),
    resource("no path", "*", "",                         [400, 400, 400, 400, 400, 400, 400, 400, 400, 400, 400]),
];

pub(super) async fn run(_: Form) -> Outcome {
    let files = [("public/robots.txt", "all"), ("public/css/site.css", "css")];
    let site = Site::start(&files).await?;
    let mut caller = Caller::new(&site);
    for resource in RESOURCES {
        for (method, status) in METHODS.into_iter().zip(resource.statuses) {
            let reply = caller.ask(method, resource.path, "").await?;
            let place = format!("{method} on {}", resource.what);
            let found = reply.status();
            check!(found == status, "{place}: {found} instead of {status}");
            let allow = reply.head.header("allow").unwrap_or_default();
            let expected = resource.allow_with(method, status);
            check!(
                allow == expected,
                "{place}: allows {allow:?} instead of {expected:?}"
            );
            let silent = matches!(method, "HEAD" | "TRACE") || status == 405;
            let body = reply.text();
            check!(!silent || !body.contains("host"), "{place} echoes {body}");
        }
        let get = caller.ask("GET", resource.path, "").await?;
        let head = caller.ask("HEAD", resource.path, "").await?;
        let own = head.head.header("x-head").is_some();
        let alike = if own { Ok(()) } else { alike(&get, &head) };
        alike.map_err(|what| format!("HEAD on {}: {what}", resource.what))?;
    }
    Ok(format!(
        "{} methods on {} kinds of resource: status and Allow as the table has them",
        METHODS.len(),
        RESOURCES.len()
    ))
}

impl Resource {
    /// The `Allow` of an answer.
    fn allow_with(&self, method: &str, status: u16) -> &'static str {
        match (method, status) {
            (_, 405) | ("OPTIONS", 204) => self.allow,
            // The app's own handler answers so.
            ("OPTIONS", 200) => "GET",
            _ => "",
        }
    }
}

/// HEAD is GET without a body.
fn alike(get: &Reply, head: &Reply) -> Tried {
    check!(head.body.is_empty(), "it has a body: {}", head.text());
    for name in [
        "content-type",
        "location",
        "etag",
        "last-modified",
        "set-cookie",
        "vary",
    ] {
        let (of_get, of_head) = (get.head.header(name), head.head.header(name));
        check!(
            of_get == of_head,
            "{name} is {of_head:?} instead of {of_get:?}"
        );
    }
    // That of a page may be absent, and is right where it is there.
    let [of_get, of_head] = [get, head].map(|reply| reply.head.header("content-length"));
    check!(
        of_get.is_none() || of_head.is_none() || of_get == of_head,
        "its length is {of_head:?} instead of {of_get:?}"
    );
    Ok(())
}
