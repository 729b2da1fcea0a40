//! What the examples have in common: where they listen, and the document around their pages.

use std::io;

use anabranch::prelude::*;
use axum::Router;
use tokio::net::TcpListener;

/// Serves an example at `http://127.0.0.1:3000`, or where the environment variable `ADDRESS`
/// says.
///
/// # Errors
/// When the address cannot be listened at.
pub async fn serve(app: Router) -> io::Result<()> {
    let address = std::env::var("ADDRESS").unwrap_or_else(|_| "127.0.0.1:3000".to_owned());
    let listener = TcpListener::bind(address).await?;
    eprintln!("Listening on http://{}", listener.local_addr()?);
    anabranch::serve(listener, app).await
}

/// A document with this title and body.
#[must_use]
pub fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                (Head::title(title))
                style { (PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (body) } }
        }
    }
}

const STYLE: &str = "body{font:1.1rem/1.5 system-ui;margin:3rem auto;max-width:40rem;padding:0 1rem;\
    color-scheme:light dark}[aria-busy]{opacity:.5}";
