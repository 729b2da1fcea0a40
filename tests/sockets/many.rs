//! Many responses at once, many boundaries in one, and boundaries deep inside each other.

use anabranch::prelude::{Error, Markup, Result, boundary, html};
use anabranch::{BRIDGE, TRIGGER, page};
use anabranch_paint::{Gates, dom};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use futures_util::future::BoxFuture;
use tokio::task::JoinSet;

use crate::client::{Client, Reply};
use crate::pages::{document, gated, soon};
use crate::server::Server;

const STREAMS: usize = 100;
const GATES: [&str; 3] = ["a", "b", "c"];

async fn panics(gates: Gates, gate: &'static str) -> Result {
    gates.wait(gate).await;
    panic!("on purpose")
}

/// Healthy boundaries, and beside them as many that panic if the path says so.
async fn mixed(Path(kind): Path<String>, State(gates): State<Gates>) -> Result {
    let beside = |gate| match kind.as_str() {
        "panicking" => boundary(panics(gates.clone(), gate)),
        _ => boundary(gated(gates.clone(), gate)),
    };
    Ok(document(html! {
        @for gate in GATES {
            section { (boundary(gated(gates.clone(), gate))) }
            aside { (beside(gate).error(|_: &Error| html! { p { "failed" } })) }
        }
        p { "shell" }
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn panics_in_a_hundred_streams_change_nothing_beside_them() {
    silence_panics();
    let gates = Gates::new();
    let app = Router::new()
        .route("/{kind}", get(page(mixed)))
        .with_state(gates.clone());
    let server = Server::start(app).await;
    let mut clients = Vec::new();
    for number in 0..STREAMS {
        let path = ["/panicking", "/healthy"][number % 2];
        let mut client = Client::get(server.address, path).await;
        soon(client.read_to("<p>shell</p>")).await;
        clients.push(client);
    }
    let mut replies = JoinSet::new();
    for (number, client) in clients.into_iter().enumerate() {
        replies.spawn(async move { (number, soon(client.reply()).await) });
    }
    for gate in ["c", "a", "b"] {
        gates.open(gate);
        tokio::task::yield_now().await;
    }
    for (number, reply) in replies.join_all().await {
        let expected = document(html! {
            @for gate in GATES {
                section { p { "content " (gate) } }
                aside { p { @if number % 2 == 0 { "failed" } @else { "content " (gate) } } }
            }
            p { "shell" }
        });
        assert_is(&reply, &expected);
    }
}

fn assert_is(reply: &Reply, expected: &Markup) {
    let expected = dom::whole(expected.0.as_bytes()).unwrap();
    assert_eq!(reply.assembled(), expected);
}

fn silence_panics() {
    let default = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if info.payload().downcast_ref::<&str>() != Some(&"on purpose") {
            default(info);
        }
    }));
}

fn nested(depth: usize) -> BoxFuture<'static, Result> {
    Box::pin(async move {
        tokio::task::yield_now().await;
        if depth == 0 {
            return Ok(html! { b { "bottom" } });
        }
        Ok(html! { i { (depth) } (boundary(nested(depth - 1)).loading(html! { "…" })) })
    })
}

#[tokio::test]
async fn sixty_four_boundaries_nest() {
    const DEPTH: usize = 64;
    let handler = page(|| async { Ok(document(html! { (boundary(nested(DEPTH - 1))) })) });
    let server = Server::start(Router::new().route("/", get(handler))).await;
    let reply = soon(Client::get(server.address, "/").await.reply()).await;
    let expected = html! { @for depth in (1..DEPTH).rev() { i { (depth) } } b { "bottom" } };
    assert_is(&reply, &document(expected));
}

const BOUNDARIES: usize = 10_000;

async fn ten_thousand(gates: Gates) -> Result {
    let item = |number: usize, gates: Gates| async move {
        // Those that are found at every gate complete in a different order than they stand in.
        gates.wait(GATES[number % GATES.len()]).await;
        Ok(html! { li { "item " (number) } })
    };
    Ok(document(html! {
        ul {
            @for number in 0..BOUNDARIES {
                (boundary(item(number, gates.clone())).loading(html! { li { "…" } }))
            }
        }
        p { "shell" }
    }))
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_boundaries_cost_at_most_60_bytes_each() {
    let gates = Gates::new();
    let handler = {
        let gates = gates.clone();
        page(move || ten_thousand(gates.clone()))
    };
    let server = Server::start(Router::new().route("/", get(handler))).await;
    let mut client = Client::get(server.address, "/").await;
    soon(client.read_to("<p>shell</p>")).await;
    for gate in ["b", "c", "a"] {
        gates.open(gate);
    }
    let reply = soon(client.reply()).await;
    let expected = document(html! {
        ul { @for number in 0..BOUNDARIES { li { "item " (number) } } }
        p { "shell" }
    });
    assert_is(&reply, &expected);

    let loading = BOUNDARIES * html! { li { "…" } }.0.len();
    let triggers =
        reply.body.matches(TRIGGER).count() * format!("<script>{TRIGGER}</script>").len();
    let bridge = reply.body.find("<script data-w=").unwrap();
    let bridge = reply.body[bridge..].find("</script>").unwrap() + "</script>".len();
    assert!(bridge > BRIDGE.len());
    let rest = expected.0.len() + loading + triggers + bridge + "<!--$a-->".len();
    let overhead = (reply.body.len() - rest) as f64 / BOUNDARIES as f64;
    eprintln!("{overhead:.1} bytes a boundary");
    assert!(overhead <= 60.0, "{overhead}");
}
