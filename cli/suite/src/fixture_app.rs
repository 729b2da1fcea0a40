//! The app of the tests: a page that says what `PAGE` is, with a part that comes when the test
//! lets it. With `slow` and an address it listens when the test lets it; with `alone` and one it
//! needs that for itself.

use std::env;
use std::fs;
use std::io;

use anabranch::page;
use anabranch::prelude::{DOCTYPE, Result, boundary, html};
use axum::Router;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue,
};
use axum::response::{Html, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

#[tokio::main]
async fn main() -> io::Result<()> {
    let said = env::var("PAGE").unwrap_or_default();
    let text = said.clone();
    let held = move |Query(gate): Query<Gate>| held(text.clone(), gate);
    let app = Router::new()
        .route(
            "/",
            get({
                let said = said.clone();
                async move || Html(document(&said))
            }),
        )
        .route("/text", get(async move || said))
        .route("/held", get(page(held)))
        .route("/strict", get(strict))
        .route("/late", get(late))
        .route("/form", post(async || Html(document("sent"))))
        // As a download does, it leaves a browser where it is.
        .route("/nothing", get(async || StatusCode::NO_CONTENT))
        .route("/style.css", get(style))
        .route(
            "/libraries",
            get(async || env::var("LD_LIBRARY_PATH").unwrap_or_default()),
        )
        .route("/moved", get(async || Redirect::permanent("/")))
        .route("/echo", post(async |body: String| body))
        .route("/end", post(end));
    if let Some(gate) = env::var("PAGE").unwrap_or_default().strip_prefix("slow ") {
        TcpStream::connect(gate)
            .await?
            .read_to_end(&mut Vec::new())
            .await?;
    }
    let said = env::var("PAGE").unwrap_or_default();
    let address = said
        .strip_prefix("alone ")
        .and_then(|it| it.split(' ').next());
    let _alone = address.map(std::net::TcpListener::bind).transpose()?;
    let listener = anabranch::listen("127.0.0.1:0").await?;
    anabranch::serve(listener, app).await
}

/// A page whose first byte waits. If nobody holds it, it comes at once.
async fn late(Query(Gate { gate }): Query<Gate>) -> Html<String> {
    if let Ok(mut gate) = TcpStream::connect(gate).await {
        // Its end is all that matters.
        let _ = gate.read_to_end(&mut Vec::new()).await;
    }
    Html(document("late"))
}

/// The stylesheet of the package, as it is now, to be kept for good.
async fn style() -> ([(HeaderName, &'static str); 2], String) {
    let package = env::var("PACKAGE").unwrap_or_default();
    let style = fs::read_to_string(format!("{package}/public/style.css"));
    let headers = [
        (CONTENT_TYPE, "text/css"),
        (CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, style.unwrap_or_default())
}

/// As an app ends that has given up.
async fn end(last_words: String) {
    for line in last_words.lines() {
        eprintln!("{line}");
    }
    std::process::exit(3);
}

fn document(text: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{text}</title>\
         <link rel=\"stylesheet\" href=\"/style.css\"></head><body><h1>{text}</h1></body></html>"
    )
}

/// Where the test holds a connection until the part may come.
#[derive(Deserialize)]
struct Gate {
    gate: String,
}

async fn held(text: String, Gate { gate }: Gate) -> Result {
    let part = async move {
        let mut gate = TcpStream::connect(gate).await?;
        gate.read_to_end(&mut Vec::new()).await?;
        Ok(html! { p { "the part of " (text) } })
    };
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Held" } }
            body { (boundary(part).loading(html! { p { "Loading" } })) }
        }
    })
}

async fn strict() -> Response {
    let mut response = Response::new("<!DOCTYPE html><title>Strict</title>".into());
    let headers = response.headers_mut();
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    headers.insert(CONTENT_TYPE, html);
    let policy = HeaderValue::from_static("default-src 'none'");
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    response
}
