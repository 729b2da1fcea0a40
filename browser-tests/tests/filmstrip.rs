//! The program `filmstrip`, against pages of a gated server.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use anabranch::prelude::*;
use anabranch_paint::{Chromium, Gates, Server, Swap};
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};

#[test]
fn a_strip_and_a_waterfall_of_a_page_that_streams() -> anabranch_paint::Result {
    let gates = Gates::new();
    let server = Server::start(app(gates.clone()), &gates)?;
    let out = fresh("streams");
    let mut film = filmstrip(&server.url("/"), &out)
        .args(["--size", "400x600"])
        .spawn()
        .unwrap();

    // What the program says while it works drives the page, so it must have seen each step.
    let mut said = Vec::new();
    for line in BufReader::new(film.stderr.take().unwrap()).lines() {
        let line = line.unwrap();
        for (saying, gate) in [
            ("shell painted", "quick"),
            ("painted \"Quick river\"", "spring"),
            ("painted \"Spring\"", "dry"),
            ("painted \"Dry bed\"", "slow"),
        ] {
            if line.ends_with(saying) {
                gates.open(gate);
            }
        }
        said.push(line);
    }
    assert!(film.wait().unwrap().success(), "{said:#?}");

    let (width, height) = png_size(&fs::read(out.with_extension("png")).unwrap());
    // At two device pixels each: gaps of 20, frames of 260 by 390, and captions.
    let frames = (width / 2 - 20) / 280;
    assert_eq!((width / 2 - 20) % 280, 0);
    assert!((2..=5).contains(&frames), "{frames} frames");
    assert_eq!(height / 2, 20 + 390 + 52 + 20);

    let svg = fs::read_to_string(out.with_extension("svg")).unwrap();
    let rows = rows(&svg)?;
    let names: Vec<_> = rows
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "Request",
            "Response",
            "Shell",
            "Slow river",
            "Quick river",
            "Spring",
            "Dry bed"
        ]
    );
    let nested: Vec<_> = rows.iter().map(|row| row["nested"] == true).collect();
    assert_eq!(nested, [false, false, false, false, false, true, true]);
    let failed: Vec<_> = rows.iter().map(|row| row["failed"] == true).collect();
    assert_eq!(failed, [false, false, false, false, false, false, true]);
    let painted = |row: usize| rows[row]["painted"].as_f64().unwrap();
    let (shell, slow, quick, spring) = (painted(2), painted(3), painted(4), painted(5));
    assert!(
        shell < quick && quick < spring && spring < slow,
        "{rows:#?}"
    );
    assert!(svg.contains("Two &lt;rivers&gt;"));
    Ok(())
}

#[test]
fn a_page_of_somebody_else_is_filmed_and_said_not_to_stream() -> anabranch_paint::Result {
    let gates = Gates::new();
    let server = Server::start(app(gates.clone()), &gates)?;
    let out = fresh("whole");
    let output = filmstrip(&server.url("/whole"), &out).output().unwrap();
    let said = words(&output);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("does not stream"), "{said}");
    let rows = rows(&fs::read_to_string(out.with_extension("svg")).unwrap())?;
    assert_eq!(rows.len(), 3);
    assert!(out.with_extension("png").exists());
    Ok(())
}

#[test]
fn what_cannot_be_filmed_is_told_in_words() -> anabranch_paint::Result {
    let gates = Gates::new();
    let server = Server::start(app(gates.clone()), &gates)?;
    let (plain, gone) = (server.url("/plain"), server.url("/gone"));
    let refused = |url: &str| {
        let output = filmstrip(url, &fresh("refused")).output().unwrap();
        assert!(!output.status.success());
        words(&output)
    };
    let said = refused(&plain);
    assert!(
        said.contains("text/plain; only an HTML page can be filmed"),
        "{said}"
    );
    drop(server);
    let said = refused(&gone);
    assert!(said.contains("is the server running?"), "{said}");
    Ok(())
}

fn app(gates: Gates) -> Router {
    let whole = Html(
        "<!DOCTYPE html><title>Whole</title><script>const film = 1, paint = 2</script>\
         <p>All of it at once</p>",
    );
    Router::new()
        .route("/", get(page(rivers)))
        .route("/plain", get(async || "not a page"))
        .route("/whole", get(async move || whole))
        .with_state(gates)
}

async fn rivers(State(gates): State<Gates>) -> Result {
    Ok(html! {
        (DOCTYPE)
        html {
            head { meta charset="utf-8"; title { "Two <rivers>" } }
            body {
                h1 { "Rivers" }
                (boundary(slow(gates.clone())).loading(waiting()))
                (boundary(quick(gates)).loading(waiting()))
            }
        }
    })
}

async fn slow(gates: Gates) -> Result {
    gates.wait("slow").await;
    Ok(html! { h2 { "Slow river" } })
}

/// Its content begins with a boundary, so that the edges of both lie in the same place.
async fn quick(gates: Gates) -> Result {
    gates.wait("quick").await;
    Ok(html! {
        (boundary(spring(gates.clone())).loading(waiting()))
        h2 { "Quick river" }
        div { (boundary(dry(gates)).loading(waiting()).error(|_| html! { h3 data-error { "Dry bed" } })) }
    })
}

async fn spring(gates: Gates) -> Result {
    gates.wait("spring").await;
    Ok(html! { h3 { "Spring" } })
}

async fn dry(gates: Gates) -> Result {
    gates.wait("dry").await;
    Err(std::io::Error::other("no water"))?
}

fn waiting() -> Markup {
    html! { p { "Waiting for rain" } }
}

fn filmstrip(url: &str, out: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_filmstrip"));
    command
        .arg(url)
        .arg("--out")
        .arg(out)
        .stderr(Stdio::piped());
    command
}

/// A name for files that no other test writes.
fn fresh(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("filmstrip-{name}"))
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Width and height in the header of a PNG picture.
fn png_size(png: &[u8]) -> (u32, u32) {
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (side(16), side(20))
}

/// The rows of a waterfall, as a browser reads them that is strict about XML.
fn rows(svg: &str) -> anabranch_paint::Result<Vec<Value>> {
    let page = Chromium::shared(Swap::Native)?.page().open("about:blank")?;
    let rows = page.eval(&format!(
        "[...new DOMParser().parseFromString({}, 'image/svg+xml').querySelectorAll('g:has(> title)')]
            .map(row => ({{
                name: row.querySelector('.name').textContent,
                nested: !!row.querySelector('.elbow'),
                failed: row.classList.contains('failed') && !!row.querySelector('.cross'),
                painted: +row.querySelector('.painted')?.getAttribute('cx'),
            }}))",
        json!(svg)
    ))?;
    Ok(rows.as_array().cloned().unwrap_or_default())
}
