//! N8: readers without JavaScript, and those who cannot take a page in parts.

use anabranch::prelude::*;
use anabranch_paint::{Chromium, Gates, Swap, dom};
use axum::Router;
use axum::routing::get;

use crate::client::{Client, Reply};
use crate::local::Local;
use crate::page::document;
use crate::row::failed;
use crate::{Form, Outcome, Tried, browser, check};

const BOTS: &[&str] = &[
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Mozilla/5.0 (compatible; Applebot/0.1; +http://www.apple.com/go/applebot)",
];

/// Paths, their status, and what a complete page of them shows.
const PAGES: [(&str, u16, &str); 5] = [
    ("/", 200, "Forty boats"),
    ("/missing", 404, "Page not found"),
    ("/moved", 303, "/elsewhere"),
    ("/broken", 500, "Internal Server Error"),
    ("/nowhere", 404, ""),
];

pub(super) async fn run(_: Form) -> Outcome {
    let gates = Gates::new();
    let app = Router::new()
        .route("/", get(page(home)))
        .route("/missing", get(page(async || Err(not_found()))))
        .route("/moved", get(page(async || Err(redirect("/elsewhere")))))
        .route("/broken", get(page(async || Err(Error::msg("broken")))))
        .with_state(gates.clone());
    let server = Local::start(app).await?;
    let url = format!("http://{}/", server.address);
    let opened = gates.clone();
    browser::with(Swap::Native, move |chromium| {
        without_scripts(chromium, &url, &opened)
    })
    .await?;

    for agent in BOTS {
        for (path, status, content) in PAGES {
            let reply = ask(&server, "GET", path, "1.1", agent).await?;
            is_whole(&reply, status, content).map_err(|it| format!("{agent} at {path}: {it}"))?;
        }
    }
    for (path, status, content) in PAGES {
        let streamed = ask(&server, "GET", path, "1.1", "battery").await?;
        check!(
            streamed.status() == status,
            "GET {path}: {:?}",
            streamed.head
        );
        let whole = ask(&server, "GET", path, "1.0", "battery").await?;
        is_whole(&whole, status, content).map_err(|it| format!("HTTP/1.0 at {path}: {it}"))?;
        let head = ask(&server, "HEAD", path, "1.1", "battery").await?;
        is_head_of(&head, &whole).map_err(|it| format!("HEAD at {path}: {it}"))?;
    }
    let bots = BOTS.len();
    Ok(format!(
        "scripts off: swapped; {bots} bots, HTTP/1.0 and HEAD: whole, status right"
    ))
}

async fn home(State(gates): State<Gates>) -> Result {
    let boats = async move {
        gates.wait("boats").await;
        Ok(html! { p { "Forty boats" } })
    };
    Ok(document(html! {
        h1 { "Harbour" }
        (boundary(boats).loading(html! { p { "Counting…" } }))
    }))
}

/// The browser swaps by itself, while the response is open and at its end.
fn without_scripts(chromium: &Chromium, url: &str, gates: &Gates) -> Tried {
    let page = browser::of(chromium.page().without_scripts().open(url))?;
    let shows = |text: &str| format!("document.body?.innerText.includes('{text}')");
    browser::of(page.wait_for(&shows("Counting…")))?;
    gates.open("boats");
    browser::of(page.wait_for(&shows("Forty boats")))?;
    browser::of(page.wait_for("document.readyState === 'complete'"))?;
    let loading = browser::of(page.eval(&shows("Counting…")))?;
    check!(loading == false, "the loading view has stayed");
    Ok(())
}

async fn ask(server: &Local, method: &str, path: &str, version: &str, agent: &str) -> Tried<Reply> {
    let request =
        format!("{method} {path} HTTP/{version}\r\nhost: localhost\r\nuser-agent: {agent}\r\n\r\n");
    Client::exchange(server.address, request).await
}

fn is_whole(reply: &Reply, status: u16, content: &str) -> Tried {
    check!(reply.status() == status, "{:?}", reply.head);
    check!(reply.is_complete(), "cut: {:?}", reply.ending);
    let text = reply.text();
    check!(text.contains(content), "{content:?} is not in {text}");
    check!(!text.contains("Counting"), "a loading view in {text}");
    dom::whole(&reply.body).map(drop).map_err(failed)
}

/// The same status and length, and no body.
fn is_head_of(head: &Reply, whole: &Reply) -> Tried {
    check!(head.status() == whole.status(), "{:?}", head.head);
    check!(head.body.is_empty(), "a body: {}", head.text());
    for name in ["content-length", "content-type", "location"] {
        let (found, wanted) = (head.head.header(name), whole.head.header(name));
        // Errors have ids, but of equal length. A length of nothing need not be said.
        let is_same = found == wanted || (found, wanted) == (None, Some("0"));
        check!(is_same, "{name}: {found:?} instead of {wanted:?}");
    }
    Ok(())
}
