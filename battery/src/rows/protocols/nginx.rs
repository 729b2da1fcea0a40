//! X1: nginx in front, in its default configuration.

use anabranch::prelude::{Result, boundary, html, page};
use anabranch_paint::{Gates, dom};
use axum::Router;
use axum::routing::get;

#[path = "../../../../deploy/tests/deploy/nginx.rs"]
mod program;

use crate::client::Client;
use crate::local::Local;
use crate::page::{assembled, document, gated};
use crate::row::failed;
use crate::{Form, Outcome, check};
use program::Nginx;

const PARTS: [&str; 3] = ["first", "second", "third"];

pub(super) async fn run(_: Form) -> Outcome {
    let gates = Gates::new();
    let server = Local::start(app(&gates)).await?;
    // What a configuration says beside its defaults: where the app is.
    let site = |address: &str| {
        let app = server.address;
        format!("server {{ listen {address}; location / {{ proxy_pass http://{app}; }} }}")
    };
    let Some(nginx) = Nginx::start(site) else {
        return Ok("not run: there is no nginx here".to_owned());
    };
    let address = nginx.address.parse().map_err(failed)?;

    let mut client = Client::open(address).await?;
    client.get("/").await?;
    client.read_to("loading third").await?;
    let early = memchr::memmem::find(client.body(), b" content</p>");
    check!(early.is_none(), "content before its gate was opened");
    for part in PARTS.iter().rev() {
        gates.open(part);
        client.read_to(&format!("{part} content")).await?;
    }
    let streamed = client.reply().await?.expect(200)?;
    let streamed = assembled(&streamed.body)?;

    let bot = "GET / HTTP/1.1\r\nhost: localhost\r\nuser-agent: Googlebot/2.1\r\n\r\n";
    let whole = Client::exchange(address, bot).await?.expect(200)?;
    let whole = dom::whole(&whole.body).map_err(|violation| violation.to_string())?;
    let difference = dom::first_difference(&streamed, &whole);
    check!(
        difference.is_none(),
        "streamed and whole differ: {difference:?}"
    );
    Ok("shell before any gate, each patch at its gate, the same document whole".to_owned())
}

fn app(gates: &Gates) -> Router {
    let gates = gates.clone();
    Router::new().route("/", get(page(move || streamed(gates.clone()))))
}

async fn streamed(gates: Gates) -> Result {
    let part = |part: &'static str| {
        let content = html! { p { (part) " content" } };
        boundary(gated(gates.clone(), part.to_owned(), content))
            .loading(html! { p { "loading " (part) } })
    };
    Ok(document(
        html! { h1 { "shell" } @for name in PARTS { (part(name)) } },
    ))
}
