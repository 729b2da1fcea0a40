//! N11: the pages of the demo, before their swaps and after, before two judges: the Nu HTML checker
//! and axe.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use anabranch_paint::{Chromium, Page, Swap};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Html;
use axum::routing::get;

use crate::client::Client;
use crate::local::Local;
use crate::row::failed;
use crate::{Form, Outcome, Tried, browser, check};

mod site;
mod validators;

use site::Site;
use validators::Validators;

const PAGES: &[&str] = &[
    "/",
    "/?origin=LGA",
    "/airports",
    "/airports/BOS",
    "/airports/BOS/days",
    "/airlines",
    "/airlines/UA",
    "/planes/N14228",
    "/flights",
    "/flights/2013-07-04",
    "/about",
    "/desk/login",
    "/no/such/page",
];

/// A page of the demo as it was sent.
#[derive(Debug)]
struct Sent {
    path: &'static str,
    /// Up to the first patch: what a reader sees while the rest is awaited.
    shell: String,
    /// For a reader that takes it in one piece.
    whole: String,
}

pub(super) async fn run(_: Form) -> Outcome {
    let demo = Site::start()?;
    let mut pages = Vec::new();
    for path in PAGES {
        pages.push(sent(demo.address, path).await?);
    }
    let pages: Arc<[Sent]> = pages.into();
    let replay = Router::new()
        .route("/{number}", get(shell))
        .with_state(pages.clone());
    let replay = Local::start(replay).await?;

    let validators = Validators::find()?;
    let tools = validators.to_string();
    let (server, shells) = (demo.address, replay.address);
    let judged = browser::with(Swap::Native, move |chromium| {
        judged(chromium, server, shells, &pages, &validators)
    });
    judged.await?;
    Ok(format!(
        "{} pages, shell and whole, by {tools}: 0 problems",
        PAGES.len()
    ))
}

async fn sent(server: SocketAddr, path: &'static str) -> Tried<Sent> {
    let ask = async |agent: &str| {
        let request =
            format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {agent}\r\n\r\n");
        let reply = Client::exchange(server, request).await?;
        check!(reply.is_complete(), "{path} is cut");
        String::from_utf8(reply.body).map_err(failed)
    };
    let streamed = ask("battery").await?;
    let first = streamed.find("<template for=").unwrap_or(streamed.len());
    Ok(Sent {
        path,
        shell: streamed[..first].to_owned(),
        whole: ask("Googlebot").await?,
    })
}

/// The shell of a page, which stays as it is.
async fn shell(State(pages): State<Arc<[Sent]>>, Path(number): Path<usize>) -> Html<String> {
    Html(
        pages
            .get(number)
            .map_or_else(String::new, |page| page.shell.clone()),
    )
}

/// Opens each page twice, and lets all judge what is there.
fn judged(
    chromium: &Chromium,
    demo: SocketAddr,
    shells: SocketAddr,
    pages: &[Sent],
    validators: &Validators,
) -> Tried {
    let folder = tempfile::tempdir().map_err(failed)?;
    for (number, sent) in pages.iter().enumerate() {
        let open = |url: String| {
            // What is still fading in has no contrast yet.
            let page = browser::of(chromium.page().still().open(&url))?;
            browser::of(page.wait_loaded())?;
            Ok::<_, String>(page)
        };
        let before = open(format!("http://{shells}/{number}"))?;
        let after = open(format!("http://{demo}{}", sent.path))?;
        let texts = [
            ("before", document(&before)?),
            ("after", document(&after)?),
            ("whole", sent.whole.clone()),
        ];
        for (state, text) in texts {
            let name = format!("{number}-{state}.html");
            fs::write(folder.path().join(name), text).map_err(failed)?;
        }
        for (state, page) in [("before", before), ("after", after)] {
            let problems = validators.problems_of(&page)?;
            check!(problems.is_empty(), "{} {state}: {problems}", sent.path);
        }
    }
    let errors = validators.errors_in(folder.path())?;
    check!(errors.is_empty(), "{errors}");
    Ok(())
}

/// What the parser has made of a page, without the markers of the stream, which the checker does
/// not know yet.
fn document(page: &Page) -> Tried<String> {
    let html = browser::of(page.eval(DOCUMENT))?;
    Ok(html.as_str().unwrap_or_default().to_owned())
}

const DOCUMENT: &str = "(() => {
    const copy = document.documentElement.cloneNode(true), markers = [];
    const nodes = document.createTreeWalker(copy, 64);
    while (nodes.nextNode()) markers.push(nodes.currentNode);
    markers.forEach(marker => marker.remove());
    return '<!DOCTYPE html>' + copy.outerHTML;
})()";
