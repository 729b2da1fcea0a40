//! N9: `not_found()` and `redirect()` when the status has been sent.

use anabranch::prelude::*;
use anabranch_paint::{Chromium, Gates};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

use crate::client::Client;
use crate::local::Local;
use crate::page::{assembled, gated};
use crate::{Form, Outcome, Tried, browser, check};

/// What a boundary does too late, and lines that the document must then have.
const CASES: [(&str, &[&str]); 3] = [
    (
        "missing",
        &[
            "<meta content=\"noindex\" name=\"robots\">",
            "\"Not found\"",
            "\"There is nothing here.\"",
        ],
    ),
    (
        "moved",
        &[
            "<meta content=\"0;url=/elsewhere\" http-equiv=\"refresh\">",
            "<a href=\"/elsewhere\">",
        ],
    ),
    // It leads nowhere: the reader sees that something has failed.
    ("lured", &["<p data-error=\"********\" role=\"alert\">"]),
];

pub(super) async fn run(_: Form) -> Outcome {
    let gates = Gates::new();
    let app = Router::new()
        .route("/{case}/{head}/{visit}", get(page(too_late)))
        .route(
            "/elsewhere",
            get(page(async || Ok(html! { h1 { "Elsewhere" } }))),
        )
        .with_state(gates.clone());
    let server = Local::start(app).await?;
    for (case, lines) in CASES {
        for head in ["head", "title"] {
            let path = format!("/{case}/{head}/{case}-{head}");
            let mut client = Client::open(server.address).await?;
            client.get(&path).await?;
            client.head().await?;
            gates.open(&format!("{case}-{head}"));
            let reply = client.reply().await?.expect(200)?;
            let document = assembled(&reply.body)?;
            has(&document, case, lines).map_err(|failure| format!("{path}: {failure}"))?;
        }
        for swap in browser::SWAPS {
            let url = format!("http://{}/{case}/head/{case}-{swap:?}", server.address);
            let gates = gates.clone();
            browser::with(swap, move |chromium| {
                let visit = format!("{case}-{swap:?}");
                shows(chromium, &url, &gates, &visit, case)
            })
            .await?;
        }
    }
    Ok("view in place, noindex, a redirect that is followed; neighbours and end arrive".to_owned())
}

/// A page whose boundary finds out too late that it leads to nothing, or elsewhere.
async fn too_late(
    State(gates): State<Gates>,
    Path((case, head, visit)): Path<(String, String, String)>,
) -> Result {
    let (gate, hasty) = (visit.clone(), gates.clone());
    let fails = async move {
        hasty.wait(&gate).await;
        Err(match case.as_str() {
            "missing" => not_found(),
            "moved" => redirect("/elsewhere"),
            _ => redirect("//elsewhere.invalid/"),
        })
    };
    let healthy = gated(gates, visit, html! { p { "The neighbour" } });
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                // Without a `Head` there is no place for late tags but the boundary's own.
                @if head == "head" { (Head::title("Early")) } @else { title { "Not found" } }
            }
            body {
                (boundary(fails).loading(html! { p { "Loading…" } }))
                (boundary(healthy).loading(html! { p { "Loading…" } }))
                p { "The end" }
            }
        }
    })
}

fn shows(chromium: &Chromium, url: &str, gates: &Gates, visit: &str, case: &str) -> Tried {
    let page = browser::of(chromium.page().open(url))?;
    browser::of(page.wait_for("document.body?.innerText.includes('The end')"))?;
    gates.open(visit);
    if case == "moved" {
        return browser::leads_to(&page, "/elsewhere");
    }
    browser::of(page.wait_loaded())?;
    let lines = CASES.iter().find(|(name, _)| *name == case);
    has(
        &browser::of(page.normal_form())?,
        case,
        lines.map_or(&[], |(_, lines)| lines),
    )
}

fn has(document: &str, case: &str, lines: &[&str]) -> Tried {
    let wanted = lines.iter().chain(&["\"The neighbour\"", "\"The end\""]);
    for line in wanted {
        let is_there = document.lines().any(|found| found == *line);
        check!(is_there, "{case}: {line} is not in\n{document}");
    }
    check!(
        !document.contains("Loading"),
        "{case}: a loading view in\n{document}"
    );
    check!(
        !document.contains("invalid"),
        "{case}: the target in\n{document}"
    );
    Ok(())
}
