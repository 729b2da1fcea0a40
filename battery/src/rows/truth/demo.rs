//! N11: the pages of the demo, before their swaps and after, before two judges: the Nu HTML checker
//! and axe.

use std::fs;
use std::net::SocketAddr;
use std::sync::Arc;

use anabranch_paint::{Chromium, Page, PageBuilder, Swap};
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

/// What the pages are looked at with. The short form takes the first.
const LOOKS: [(Swap, Look); 4] = [
    (Swap::Native, Look::new(DESKTOP, false)),
    (Swap::Bridge, Look::new(PHONE, true)),
    (Swap::Native, Look::new(PHONE, false)),
    (Swap::Bridge, Look::new(DESKTOP, true)),
];

const DESKTOP: (u32, u32) = (1000, 800);
const PHONE: (u32, u32) = (390, 844);

/// A screen, and whether dark colours are preferred on it.
#[derive(Clone, Copy, Debug)]
struct Look {
    screen: (u32, u32),
    dark: bool,
}

impl Look {
    const fn new(screen: (u32, u32), dark: bool) -> Self {
        Self { screen, dark }
    }

    fn of(self, page: PageBuilder<'_>) -> PageBuilder<'_> {
        // What is still fading in has no contrast yet.
        let page = page.viewport(self.screen.0, self.screen.1).still();
        if self.dark { page.dark() } else { page }
    }
}

/// A page of the demo as it was sent.
#[derive(Debug)]
struct Sent {
    path: &'static str,
    /// Up to the first patch: what a reader sees while the rest is awaited.
    shell: String,
    /// For a reader that takes it in one piece.
    whole: String,
}

pub(super) async fn run(form: Form) -> Outcome {
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

    let validators = Arc::new(Validators::find()?);
    let (server, shells) = (demo.address, replay.address);
    let looks = &LOOKS[..form.pick(1, 4)];
    for &(swap, look) in looks {
        let (pages, validators) = (pages.clone(), validators.clone());
        let judged = browser::with(swap, move |chromium| {
            judged(chromium, look, server, shells, &pages, &validators)
        });
        judged.await?;
    }
    Ok(format!(
        "{} pages, shell and whole, in {} by {validators}: 0 problems",
        PAGES.len(),
        match looks.len() {
            1 => "one look".to_owned(),
            several => format!("{several} looks"),
        }
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

/// Opens each page before and after its swaps, and lets all judge what is there.
fn judged(
    chromium: &Chromium,
    look: Look,
    demo: SocketAddr,
    shells: SocketAddr,
    pages: &[Sent],
    validators: &Validators,
) -> Tried {
    let folder = tempfile::tempdir().map_err(failed)?;
    for (number, sent) in pages.iter().enumerate() {
        let write = |state: &str, text: &str| {
            let name = format!("{number}-{state}.html");
            fs::write(folder.path().join(name), text).map_err(failed)
        };
        let states = [
            ("before", format!("http://{shells}/{number}")),
            ("after", format!("http://{demo}{}", sent.path)),
        ];
        for (state, url) in states {
            let page = browser::of(look.of(chromium.page()).open(&url))?;
            browser::of(page.wait_loaded())?;
            write(state, &document(&page)?)?;
            let problems = validators.problems_of(&page)?;
            check!(
                problems.is_empty(),
                "{} {state} ({look:?}): {problems}",
                sent.path
            );
        }
        write("whole", &sent.whole)?;
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
