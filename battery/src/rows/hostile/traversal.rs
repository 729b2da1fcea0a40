//! S8: ways out of `public/`, and into what it hides.
//!
//! Beside the folder stand files with a word that no answer may hold; in it stand dotfiles, links
//! that lead out and around, and a pipe. No spelling brings the word, and each of them is a 404, a
//! redirect to a canonical path, or no request at all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::site::{Caller, Site};
use crate::random::Random;
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

/// What stands in every file that is not to be sent.
const WORD: &str = "OUTSIDE";

const FILES: &[(&str, &str)] = &[
    ("public/site.css", "inside"),
    ("public/img/a b.svg", "inside"),
    ("public/.well-known/security.txt", "inside"),
    ("public/.env", WORD),
    ("public/.git/config", WORD),
    ("public/img/.hidden.svg", WORD),
    ("public/.well-known/.hidden", WORD),
    ("outside.txt", WORD),
    ("public-too/outside.txt", WORD),
    ("publi/outside.txt", WORD),
    ("elsewhere/outside.txt", WORD),
    ("elsewhere/site.css.gz", WORD),
];

/// Steps up, real and seeming.
#[rustfmt::skip]
const UP: &[&str] = &[
    "..", "%2e%2e", "%2E%2E", "%2e.", ".%2e", "%252e%252e", "%%32%65%%32%65", "..;", "..;x=1",
    "...", "....", "..%00", "..%20", "..%09", "..%0d", "%c0%ae%c0%ae", "%e0%80%ae%e0%80%ae",
    "%uff0e%uff0e", "%e3%80%82%e3%80%82", "\u{ff0e}\u{ff0e}", "%ef%bc%8e%ef%bc%8e", "~", ".",
    "%2e", "",
];

#[rustfmt::skip]
const BETWEEN: &[&str] = &[
    "/", "//", "/./", "/%2e/", "%2f", "%2F", "%5c", "%5C", "\\", "/\\", "%252f", "%255c", "/%2f",
    "%c0%af", "%c1%9c", "\u{2215}", "%e2%88%95", "%00/",
];

#[rustfmt::skip]
const TARGETS: &[&str] = &[
    "outside.txt", "public-too/outside.txt", "publi/outside.txt", "public/.env", ".env",
    ".git/config", "elsewhere/outside.txt",
];

/// Names below `public` that are not there, each for a reason of its own.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "/.env", "/%2eenv", "/.git/config", "/.git", "/img/.hidden.svg", "/img/%2ehidden.svg",
    "/.well-known", "/.well-known/.hidden", "/.well-known/../.env", "/img", "/img/", "/",
    "/site.css/", "/site.css/x", "/site.css.", "/site.css%20", "/site.css%00", "/site.css%00.png",
    "/Site.css", "/site.css::$DATA", "/site.css~", "/site.cs", "/img%2fa%20b.svg",
    "/img%5ca%20b.svg", "/con", "/c:/site.css", "/c:%5csite.css", "/proc/self/environ",
    "/dev/zero", "/etc/passwd", "//etc/passwd", "/%2fetc%2fpasswd", "/file:///etc/passwd",
    "/site.css%", "/site.css%zz", "/%ff", "/link.txt", "/folder", "/folder/outside.txt",
    "/twice.txt", "/around.txt", "/hidden.txt", "/loop.txt", "/dangling.txt", "/zero.bin",
    "/pipe.txt", "/socket",
];

pub(super) async fn run(form: Form) -> Outcome {
    let site = Site::start(FILES).await?;
    prepare(&site)?;
    let mut caller = Caller::new(&site);
    for (path, fields) in [
        ("/site.css", ""),
        ("/img/a%20b.svg", ""),
        ("/.well-known/security.txt", ""),
        ("/inside.css", ""),
        ("/site.css", "accept-encoding: gzip\r\n"),
    ] {
        let reply = caller.ask("GET", path, fields).await?.expect(200)?;
        check!(reply.text() == "inside", "{path}: {}", reply.text());
    }
    let absolute = site.path("outside.txt");
    let absolute = absolute.to_str().ok_or("a path that is no text")?;
    let mut spellings: Vec<_> = climbs().into_iter().collect();
    Random::of_row("S8").shuffle(&mut spellings);
    spellings.truncate(form.pick(1_000, usize::MAX));
    spellings.extend(NAMES.iter().map(|name| (*name).to_owned()));
    spellings.extend([
        absolute.to_owned(),
        format!("/{absolute}"),
        format!("/{}", "a/".repeat(3_000)),
    ]);
    check!(spellings.len() >= 300, "only {} spellings", spellings.len());
    for spelling in &spellings {
        for method in ["GET", "HEAD"] {
            hidden(&mut caller, method, spelling).await?;
        }
    }
    let bare = Site::start(&[("outside.txt", WORD)]).await?;
    let mut caller = Caller::new(&bare);
    for spelling in [
        "/site.css",
        "/",
        "/../outside.txt",
        "/outside.txt",
        "/public/outside.txt",
    ] {
        hidden(&mut caller, "GET", spelling).await?;
    }
    Ok(format!(
        "{} spellings, links out, dotfiles, a pipe, a device, no folder: 0 bytes from outside",
        spellings.len()
    ))
}

/// Paths that climb out of the folder, or seem to.
fn climbs() -> BTreeSet<String> {
    let mut climbs = BTreeSet::new();
    for start in ["/", "/img/", "/css/..%2f"] {
        for up in UP {
            for between in BETWEEN {
                climbs.extend(
                    TARGETS
                        .iter()
                        .map(|end| format!("{start}{up}{between}{end}")),
                );
            }
            // As deep as it takes to reach the root of the disk.
            climbs.insert(format!("{start}{}etc/passwd", format!("{up}/").repeat(12)));
        }
    }
    climbs
}

/// Links, a pipe and a socket. A pipe that is opened would hold the request for ever.
fn prepare(site: &Site) -> Tried {
    let root = site.path("public");
    let link =
        |to: &Path, name: &str| std::os::unix::fs::symlink(to, root.join(name)).map_err(failed);
    link(Path::new("../outside.txt"), "link.txt")?;
    link(&site.path("elsewhere"), "folder")?;
    link(Path::new("folder/outside.txt"), "twice.txt")?;
    link(Path::new("../public/../outside.txt"), "around.txt")?;
    link(Path::new(".env"), "hidden.txt")?;
    link(Path::new("loop.txt"), "loop.txt")?;
    link(Path::new("gone.txt"), "dangling.txt")?;
    link(Path::new("/dev/zero"), "zero.bin")?;
    link(Path::new("../elsewhere/site.css.gz"), "site.css.gz")?;
    link(Path::new("site.css"), "inside.css")?;
    let pipe = Command::new("mkfifo").arg(root.join("pipe.txt")).status();
    check!(pipe.map_err(failed)?.success(), "mkfifo failed");
    std::os::unix::net::UnixListener::bind(root.join("socket")).map_err(failed)?;
    check!(
        fs::exists(root.join("socket")).map_err(failed)?,
        "no socket"
    );
    Ok(())
}

async fn hidden(caller: &mut Caller, method: &str, spelling: &str) -> Tried {
    let reply = caller.ask(method, spelling, "").await?;
    let text = reply.text();
    let what = format!("{method} {spelling}: {} {text}", reply.status());
    check!(!text.contains(WORD) && !text.contains("root:"), "{what}");
    match reply.status() {
        // What httparse or the URI's own rules refuse comes to no route.
        400 | 404 => {}
        // Its canonical spelling leads no further.
        308 => {
            let location = reply.head.header("location").unwrap_or_default().to_owned();
            let there = caller.ask("GET", &location, "").await?;
            let text = there.text();
            check!(
                matches!(there.status(), 200 | 404),
                "{what} leads to {location}"
            );
            check!(!text.contains(WORD), "{what} leads to {location}: {text}");
        }
        200 => check!(spelling == "/", "{what}"),
        _ => return Err(what),
    }
    Ok(())
}
