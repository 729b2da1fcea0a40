//! S19: a page whose boundaries and depth a visitor chooses, asked for far beyond the limits.
//!
//! Each such page says so in its place, with the status of a page; the streams beside it, which
//! wait at a gate all the while, arrive as if nothing had been.

use anabranch::prelude::{Error, Result, Settings, Shared, boundary, html, page, share};
use anabranch_paint::Gates;
use axum::extract::Path;
use axum::routing::get;
use axum::{Extension, Router};
use futures_util::future::BoxFuture;

use crate::client::{Client, Reply};
use crate::local::Local;
use crate::page::{document, gated, shows};
use crate::{Form, Outcome, Tried, check};

const BOUNDARIES: usize = 200;
const DEPTH: u32 = 20;

/// What a visitor asks for.
const ASKED: [u64; 3] = [201, 5_000, 100_000];

/// Streams that wait beside the attack.
const BESIDE: usize = 20;

pub(super) async fn run(form: Form) -> Outcome {
    let gates = Gates::new();
    let server = Local::start(app(&gates)).await?;
    let mut beside = Vec::new();
    for number in 0..BESIDE {
        let mut client = Client::open(server.address).await?;
        client.get(&format!("/beside/{number}")).await?;
        client.read_to("waiting").await?;
        beside.push(client);
    }
    let mut pages = 0;
    for _ in 0..form.pick(1, 20) {
        for path in ["/list", "/chain", "/fan", "/shared", "/loading", "/shell"] {
            for asked in ASKED {
                for agent in ["", "user-agent: Googlebot/2.1\r\n"] {
                    let reply = ask(&server, path, asked, agent).await?;
                    capped(&reply, path).map_err(|what| format!("{path}/{asked}: {what}"))?;
                    pages += 1;
                }
            }
        }
    }
    // Up to the limits everything shows.
    let reply = ask(&server, "/list", BOUNDARIES as u64 - 1, "")
        .await?
        .expect(200)?;
    check!(
        !reply.text().contains("capped"),
        "fewer than {BOUNDARIES} are too many"
    );

    gates.open("beside");
    for (number, mut client) in beside.into_iter().enumerate() {
        let expected = document(html! { p { (number) } b { "arrived" } });
        shows(&client.reply().await?.expect(200)?, &expected)?;
    }
    Ok(format!(
        "{pages} pages of up to {} boundaries or levels: each capped in its place; {BESIDE} \
         streams beside them right",
        ASKED[ASKED.len() - 1]
    ))
}

fn app(gates: &Gates) -> Router {
    let gates = gates.clone();
    let settings = Settings::new().max_boundaries(BOUNDARIES).max_depth(DEPTH);
    Router::new()
        .route("/list/{count}", get(page(list)))
        .route("/chain/{count}", get(page(chain)))
        .route("/fan/{count}", get(page(fan)))
        .route("/shared/{count}", get(page(shared)))
        .route("/loading/{count}", get(page(loading)))
        .route("/shell/{count}", get(page(shell)))
        .layer(Extension(settings))
        .route(
            "/beside/{number}",
            get(page(move |number| streamed(gates.clone(), number))),
        )
}

async fn streamed(gates: Gates, Path(number): Path<usize>) -> Result {
    let part = gated(gates, "beside".to_owned(), html! { b { "arrived" } });
    Ok(document(
        html! { p { (number) } (boundary(part).loading(html! { i { "waiting" } })) },
    ))
}

/// Puts what may go wrong behind a boundary of its own.
fn around(inside: impl Future<Output = Result> + Send + 'static) -> Result {
    let inside = boundary(inside)
        .loading(html! { p { "…" } })
        .error(|_: &Error| html! { p { "capped" } });
    Ok(document(html! { p { "beside" } (inside) }))
}

/// So many side by side.
async fn list(Path(count): Path<u64>) -> Result {
    around(async move { Ok(html! { @for _ in 0..count { (boundary(leaf())) } }) })
}

async fn leaf() -> Result {
    Ok(html! { "x" })
}

/// So many in each other.
async fn chain(Path(count): Path<u64>) -> Result {
    around(link(count))
}

fn link(left: u64) -> BoxFuture<'static, Result> {
    Box::pin(async move {
        tokio::task::yield_now().await;
        match left {
            0 => leaf().await,
            _ => Ok(html! { (boundary(link(left - 1))) }),
        }
    })
}

/// Each with three inside, so that their number grows with every level.
async fn fan(Path(count): Path<u64>) -> Result {
    around(branch(count))
}

fn branch(left: u64) -> BoxFuture<'static, Result> {
    Box::pin(async move {
        match left {
            0 => leaf().await,
            _ => Ok(html! { @for _ in 0..3 { (boundary(branch(left - 1))) } }),
        }
    })
}

/// So many that wait for the same.
async fn shared(Path(count): Path<u64>) -> Result {
    let value: Shared<u64> = share(async move { Ok::<_, Error>(count) });
    let reads = |value: Shared<u64>| async move { Ok(html! { (value.await?) }) };
    around(async move { Ok(html! { @for _ in 0..count { (boundary(reads(value.clone()))) } }) })
}

/// So many with a loading view each.
async fn loading(Path(count): Path<u64>) -> Result {
    let late = || async {
        tokio::task::yield_now().await;
        leaf().await
    };
    around(async move {
        Ok(html! { @for _ in 0..count { (boundary(late()).loading(html! { "…" })) } })
    })
}

/// So many in the shell, where no boundary is around them: the page fails.
async fn shell(Path(count): Path<u64>) -> Result {
    Ok(document(
        html! { @for _ in 0..count { (boundary(leaf())) } },
    ))
}

async fn ask(server: &Local, path: &str, asked: u64, agent: &str) -> Tried<Reply> {
    let request = format!("GET {path}/{asked} HTTP/1.1\r\nhost: localhost\r\n{agent}\r\n");
    Client::exchange(server.address, request).await
}

fn capped(reply: &Reply, path: &str) -> Tried {
    let text = reply.text();
    check!(reply.is_complete(), "cut: {:?}", reply.ending);
    if path == "/shell" {
        check!(reply.status() == 500, "{} instead of 500", reply.status());
        return Ok(());
    }
    check!(reply.status() == 200, "{} instead of 200", reply.status());
    let beside = text.contains("<p>beside</p>");
    check!(
        text.contains("<p>capped</p>") && beside,
        "no view says so: {} bytes",
        text.len()
    );
    check!(text.len() < 1 << 20, "{} bytes", text.len());
    Ok(())
}
