//! X5: requests that no browser sends, and that proxies, tools and old clients do.

use anabranch::prelude::{Result, boundary, html, page};
use anabranch_paint::Gates;
use axum::Router;
use axum::routing::{any, get, post};

use crate::client::{Client, End, Ending, Reply};
use crate::local::Local;
use crate::page::{document, gated, shows};
use crate::{Form, Outcome, Tried, check};

/// A request, its status, and its text.
#[rustfmt::skip]
const ANSWERS: &[(&str, &str, u16, &str)] = &[
    ("HTTP/1.0", "GET /text HTTP/1.0\r\n\r\n", 200, "text"),
    ("HTTP/1.0 with Host", "GET /text HTTP/1.0\r\nhost: localhost\r\n\r\n", 200, "text"),
    ("HTTP/1.0 that keeps alive", "GET /text HTTP/1.0\r\nconnection: keep-alive\r\n\r\n", 200, "text"),
    ("HTTP/1.0 with a body", "POST /echo HTTP/1.0\r\ncontent-length: 4\r\n\r\nbody", 200, "body"),
    ("HTTP/1.0 that expects", "POST /echo HTTP/1.0\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\nbody", 200, "body"),
    ("no Host", "GET /text HTTP/1.1\r\n\r\n", 400, "Bad Request"),
    ("absolute form", "GET http://localhost/text HTTP/1.1\r\nhost: localhost\r\n\r\n", 200, "text"),
    ("absolute form of another host", "GET http://other.example/text HTTP/1.1\r\nhost: localhost\r\n\r\n", 200, "text"),
    ("absolute form without a path", "GET http://localhost HTTP/1.1\r\nhost: localhost\r\n\r\n", 200, "root"),
    ("absolute form without Host", "GET http://localhost/text HTTP/1.1\r\n\r\n", 400, "Bad Request"),
    ("OPTIONS *", "OPTIONS * HTTP/1.1\r\nhost: localhost\r\n\r\n", 404, ""),
    ("GET *", "GET * HTTP/1.1\r\nhost: localhost\r\n\r\n", 404, ""),
    ("CONNECT", "CONNECT localhost:80 HTTP/1.1\r\nhost: localhost:80\r\n\r\n", 400, "Bad Request"),
    ("CONNECT of a path", "CONNECT /text HTTP/1.1\r\nhost: localhost\r\n\r\n", 400, "Bad Request"),
    ("an expectation of something else", "GET /text HTTP/1.1\r\nhost: localhost\r\nexpect: miracles\r\n\r\n", 200, "text"),
    ("an expectation without a body", "GET /text HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\n\r\n", 200, "text"),
    ("an expectation that nobody meets", "POST /ignore HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n", 200, "ignored"),
    ("a body that is announced as too large", "POST /echo HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 99999999\r\n\r\n", 413, ""),
    ("the preface of HTTP/2, and nothing of it", "PRI * HTTP/2.0\r\n\r\nGET / HTTP/1.1\r\n\r\n", 0, ""),
    ("no HTTP", "EHLO localhost\r\n\r\n", 400, ""),
    ("TLS", "\x16\x03\x01\0\u{5}\x01\0\0\x01\x03\x03", 400, ""),
];

pub(super) async fn run(_: Form) -> Outcome {
    let gates = Gates::new();
    let server = Local::start(app(&gates)).await?;
    for (what, request, status, text) in ANSWERS {
        answers(&server, request, *status, text)
            .await
            .map_err(|failure| format!("{what}: {failure}"))?;
    }
    expects(&server).await?;
    old_clients(&server, &gates).await?;
    Ok(format!(
        "{} requests: right body, or 400, 404, 413; 100 Continue when the body is read; HTTP/1.0 \
         whole, or streamed to a proxy",
        ANSWERS.len()
    ))
}

fn app(gates: &Gates) -> Router {
    let gates = gates.clone();
    Router::new()
        .route("/", get(|| async { "root" }))
        .route("/text", get(|| async { "text" }))
        .route("/echo", post(|body: String| async { body }))
        .route("/ignore", any(|| async { "ignored" }))
        .route("/page", get(page(move || streamed(gates.clone()))))
}

async fn streamed(gates: Gates) -> Result {
    let part = gated(gates, "part".to_owned(), html! { b { "part" } });
    Ok(document(
        html! { p { "shell" } (boundary(part).loading(html! { i { "loading" } })) },
    ))
}

async fn answers(server: &Local, request: &str, status: u16, text: &str) -> Tried {
    let mut client = Client::open(server.address).await?;
    client.send(request).await?;
    if status == 0 {
        let end = client.closed().await?;
        check!(end == End::Closed, "{end:?}");
        return Ok(());
    }
    let reply = client.reply().await?.expect(status)?;
    let found = reply.text();
    check!(
        text.is_empty() || found == text,
        "{found} instead of {text}"
    );
    if request.contains("HTTP/1.0") && !request.contains("keep-alive") || status == 400 {
        client.closed().await?;
    }
    check!(client.rest().is_empty(), "more than one answer");
    Ok(())
}

/// `100 Continue` comes when the handler asks for the body, and the body after it is read.
async fn expects(server: &Local) -> Tried {
    let mut client = Client::open(server.address).await?;
    client
        .send("POST /echo HTTP/1.1\r\nhost: localhost\r\nexpect: 100-continue\r\ncontent-length: 4\r\n\r\n")
        .await?;
    let first = client.reply().await?;
    check!(first.status() == 100, "{} instead of 100", first.status());
    client.send("body").await?;
    let text = client.reply().await?.expect(200)?.text();
    check!(text == "body", "after 100: {text}");
    // The connection goes on.
    client.get("/text").await?;
    client.reply().await?.expect(200)?;
    Ok(())
}

/// An old client gets a page in one piece, and a proxy the stream.
async fn old_clients(server: &Local, gates: &Gates) -> Tried {
    let mut proxy = Client::open(server.address).await?;
    proxy
        .send("GET /page HTTP/1.0\r\nconnection: close\r\n\r\n")
        .await?;
    proxy.read_to("loading").await?;
    let mut old = Client::open(server.address).await?;
    old.send("GET /page HTTP/1.0\r\n\r\n").await?;
    gates.open("part");
    let expected = document(html! { p { "shell" } b { "part" } });
    for mut client in [proxy, old] {
        let reply: Reply = client.reply().await?.expect(200)?;
        check!(
            matches!(reply.ending, Ending::Close | Ending::Length),
            "{:?}",
            reply.ending
        );
        shows(&reply, &expected)?;
    }
    Ok(())
}
