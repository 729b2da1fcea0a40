//! N5: the shell waits for nothing behind a boundary, and no patch for another.

use anabranch::prelude::*;
use anabranch_paint::Gates;
use axum::Router;
use axum::routing::get;

use crate::client::Client;
use crate::local::Local;
use crate::page::{document, gated};
use crate::wait::soon;
use crate::{Form, Outcome, Tried, check};

/// In the document's order; the last one is inside of the first.
const NAMES: [&str; 4] = ["a", "b", "c", "inner"];

/// Every order of the three that stand side by side.
const ORDERS: [[&str; 3]; 6] = [
    ["a", "b", "c"],
    ["a", "c", "b"],
    ["b", "a", "c"],
    ["b", "c", "a"],
    ["c", "a", "b"],
    ["c", "b", "a"],
];

pub(super) async fn run(_: Form) -> Outcome {
    for order in ORDERS {
        let gates = Gates::new();
        let app = Router::new()
            .route("/", get(page(side_by_side)))
            .with_state(gates.clone());
        let server = Local::start(app).await?;
        let mut client = Client::open(server.address).await?;
        soon("all steps", steps(&mut client, &gates, &order)).await??;
    }
    Ok(format!(
        "{} orders, each patch before the next gate",
        ORDERS.len()
    ))
}

/// Opens a gate only when what the one before it brought has been read.
async fn steps(client: &mut Client, gates: &Gates, order: &[&str]) -> Tried {
    client.get("/").await?;
    client.read_to("Loading c").await?;
    let mut shown = vec!["after"];
    shows_only(client, &shown)?;
    for name in order {
        let also = (*name == "a").then_some("inner");
        for name in [*name].into_iter().chain(also) {
            gates.open(name);
            client.read_to(&content(name)).await?;
            shown.push(name);
            shows_only(client, &shown)?;
        }
    }
    client.reply().await?.expect(200)?;
    Ok(())
}

fn shows_only(client: &Client, shown: &[&str]) -> Tried {
    let body = String::from_utf8_lossy(client.body());
    for name in NAMES {
        let is_there = body.contains(&content(name));
        check!(
            is_there == shown.contains(&name),
            "{name} on the wire: {is_there}, with open gates {shown:?}"
        );
    }
    Ok(())
}

async fn side_by_side(State(gates): State<Gates>) -> Result {
    Ok(document(html! {
        (boundary(outer(gates.clone())).loading(loading("a")))
        (boundary(leaf(&gates, "b")).loading(loading("b")))
        (boundary(leaf(&gates, "c")).loading(loading("c")))
        p { "after" }
    }))
}

async fn outer(gates: Gates) -> Result {
    gates.wait("a").await;
    let inner = leaf(&gates, "inner");
    Ok(html! { p { (content("a")) } (boundary(inner).loading(loading("inner"))) })
}

fn leaf(gates: &Gates, name: &str) -> impl Future<Output = Result> + Send + use<> {
    gated(
        gates.clone(),
        name.to_owned(),
        html! { p { (content(name)) } },
    )
}

fn loading(name: &str) -> Markup {
    html! { p { "Loading " (name) } }
}

fn content(name: &str) -> String {
    format!("Content of {name}.")
}
