//! S6: what a middleware guards, in every spelling of its path.
//!
//! A page, a route, a catch-all and a page of a group each hold a secret and count who reached it;
//! so do files in `public/` whose URLs lie below a guarded folder. Without a session nothing
//! secret comes back; with one, whatever comes back has been through the guard.

use std::collections::BTreeSet;

use super::site::{Caller, Site};
use super::spelling;
use crate::{Form, Outcome, Tried, check};

/// Routes behind a guard.
const ROUTES: &[&str] = &["/guarded", "/guarded/notes", "/guarded/files/a/b", "/club"];

/// Files below a guarded folder.
const FILES: &[&str] = &[
    "/guarded/report.txt",
    "/guarded/deep/er.txt",
    "/club/list.txt",
];

pub(super) async fn run(_: Form) -> Outcome {
    let site = Site::start(&[
        ("public/guarded/report.txt", "secret"),
        ("public/guarded/deep/er.txt", "secret"),
        ("public/club/list.txt", "secret"),
        ("public/open.txt", "open"),
    ])
    .await?;
    let mut caller = Caller::new(&site);
    let spellings: BTreeSet<_> = ROUTES
        .iter()
        .chain(FILES)
        .flat_map(|path| spelling::of(path))
        .filter(|spelling| !spelling.contains(['\r', '\n', ' ']))
        .collect();
    check!(spellings.len() >= 500, "only {} spellings", spellings.len());

    let (mut refused, mut reached) = (0, 0);
    for spelling in &spellings {
        for method in ["GET", "HEAD", "POST"] {
            outside(&mut caller, method, spelling).await?;
            refused += 1;
        }
        reached += usize::from(inside(&mut caller, &site, spelling).await?);
    }
    let counted = (site.fixture.guarded.get() > 0, site.fixture.unguarded.get());
    check!(
        counted == (true, 0),
        "behind the guard without it: {counted:?}"
    );
    check!(
        reached >= ROUTES.len() + FILES.len(),
        "a member reaches only {reached}"
    );

    // A file beside the guarded folder is for everybody.
    let open = caller.ask("GET", "/open.txt", "").await?.expect(200)?;
    check!(open.text() == "open", "{}", open.text());
    Ok(format!(
        "{} spellings: {refused} requests without a session, 0 secrets; {reached} with one reach \
         a secret, each through its guard",
        spellings.len()
    ))
}

/// Without a session.
async fn outside(caller: &mut Caller, method: &str, spelling: &str) -> Tried {
    let reply = caller.ask(method, spelling, "").await?;
    let text = reply.text();
    check!(!text.contains("secret"), "{method} {spelling}: {text}");
    // A secret has six letters: HEAD must not tell of it either.
    let length = reply.head.header("content-length");
    let told = reply.status() == 200 && length == Some("6");
    check!(!told, "{method} {spelling}: tells its length");
    Ok(())
}

/// With a session: whether it reaches a secret. The canonical spelling does, and no other.
async fn inside(caller: &mut Caller, site: &Site, spelling: &str) -> Tried<bool> {
    let before = site.fixture.guarded.get();
    let reply = caller.ask("GET", spelling, "x-session: 1\r\n").await?;
    let text = reply.text();
    if !text.contains("secret") {
        return Ok(false);
    }
    let path = path_of(spelling);
    let is_file = FILES.contains(&path);
    check!(
        is_file || ROUTES.contains(&path) || path.starts_with("/guarded/files/"),
        "{spelling} is answered by {text}"
    );
    let counted = site.fixture.guarded.get() - before;
    check!(
        is_file || counted == 1,
        "{spelling}: a guard ran {counted} times"
    );
    if is_file {
        // The guard of the file has run, so no cache may keep the file for others.
        let kept = reply.head.header("cache-control").unwrap_or_default();
        check!(kept.contains("private"), "{spelling}: {kept}");
    }
    Ok(true)
}

/// The path of a target in absolute form or not, without its query.
fn path_of(target: &str) -> &str {
    let path = match target.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => target,
    };
    path.split(['?', '#']).next().unwrap_or_default()
}
