//! A page behind nginx: on a Unix socket, with the address of the client that nginx tells.
//!
//! ```nginx
//! upstream app { server unix:/run/app.sock; keepalive 16; }
//! server {
//!     listen 80;
//!     location / {
//!         proxy_pass http://app;
//!         proxy_http_version 1.1;
//!         proxy_set_header Connection "";
//!         proxy_set_header Host $host;
//!         proxy_set_header X-Real-IP $remote_addr;
//!     }
//! }
//! ```
//!
//! No line about buffering is needed: streamed pages carry `X-Accel-Buffering: no`. Try it with
//! `SOCKET=/tmp/app.sock`, and `curl -N --unix-socket /tmp/app.sock http://app/`.

use anabranch::prelude::*;
use axum::http::HeaderMap;
use axum::{Router, routing::get};
use examples::document;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let app = Router::new().route("/", get(page(home)));
    match std::env::var_os("SOCKET") {
        Some(socket) => {
            let listener = tokio::net::UnixListener::bind(&socket)?;
            eprintln!("Listening on {}", socket.display());
            let served = anabranch::serve(listener, app).await;
            std::fs::remove_file(socket)?;
            served
        }
        None => examples::serve(app).await,
    }
}

async fn home(headers: HeaderMap) -> Result {
    // Only nginx reaches the socket, so what it says of the client is true.
    let client = headers.get("x-real-ip").and_then(|ip| ip.to_str().ok());
    let client = client.unwrap_or("nobody we know").to_owned();
    Ok(document(
        "Behind nginx",
        &html! { (boundary(greet(client)).loading(html! { p aria-busy="true" { "One moment…" } })) },
    ))
}

async fn greet(client: String) -> Result {
    tokio::time::sleep(millis(700)).await;
    Ok(html! { p { "Hello, " (client) "." } })
}
