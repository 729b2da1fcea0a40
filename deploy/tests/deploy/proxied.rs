//! Streams through nginx, as it comes and as `nginx.conf` has it.

use std::future::pending;
use std::io;
use std::time::Duration;

use anabranch::Server;
use anabranch::prelude::*;
use anabranch_paint::{Gates, dom};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::{StreamExt, stream};
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::client::{BOT, BROWSER, Client};
use crate::files::{NGINX, site};
use crate::nginx::Nginx;

/// Nothing here takes long. Only what hangs comes to this.
const LONG: Duration = Duration::from_secs(60);

/// What a package's configuration says beside its defaults: where the app is.
fn default_site(address: &str, app: &str) -> String {
    format!("server {{ listen {address}; location / {{ proxy_pass http://{app}; }} }}")
}

fn recommended_site(address: &str, app: &str) -> String {
    site(NGINX, address, &[app])
}

#[tokio::test]
async fn x1_a_page_streams_through_nginx_as_it_comes() {
    timeout(LONG, streams_behind(default_site))
        .await
        .expect("in time");
}

#[tokio::test]
async fn x1_a_page_streams_through_nginx_as_recommended() {
    timeout(LONG, streams_behind(recommended_site))
        .await
        .expect("in time");
}

async fn streams_behind(site: fn(&str, &str) -> String) {
    let gates = Gates::new();
    let app = serve(gated(&gates)).await;
    let Some(nginx) = Nginx::start(|address| site(address, &app)) else {
        return;
    };
    let mut client = Client::connect(&nginx.address)
        .await
        .expect("nginx listens");
    let mut reply = client.get("/", BROWSER).await.expect("a head");
    let shell = reply.until("Loading second").await.expect("the shell");
    assert!(!shell.contains(" content</p>"), "{shell}");

    // In the order of the gates, not of the page.
    gates.open("second");
    let with_second = reply.until("Second content").await.expect("a patch");
    assert!(!with_second.contains("First content"), "{with_second}");
    gates.open("first");
    let streamed = reply.whole().await.expect("the proper end");
    let assembled = dom::assemble(streamed.as_bytes()).expect("a page in patches");
    assert_eq!(assembled.patches(), ["1", "0"]);

    // The gates are open, so this is the same page in one piece.
    let reply = client.get("/", BOT).await.expect("a head");
    let whole = reply.whole().await.expect("the proper end");
    let whole = dom::whole(whole.as_bytes()).expect("a page in one piece");
    assert_eq!(dom::first_difference(assembled.html(), &whole), None);
}

#[tokio::test]
async fn a_body_that_fails_is_a_cut_one_behind_nginx() {
    let app = serve(Router::new().route("/", get(broken))).await;
    for site in [default_site, recommended_site] {
        let Some(nginx) = Nginx::start(|address| site(address, &app)) else {
            return;
        };
        let cut = async {
            let mut client = Client::connect(&nginx.address).await?;
            client.get("/", BROWSER).await?.whole().await
        };
        let cut = timeout(LONG, cut).await.expect("in time");
        assert!(cut.is_err(), "it passes for complete: {cut:?}");
    }
}

/// A route of the app's own whose body fails after its first bytes have left.
async fn broken() -> ([(&'static str, &'static str); 1], Body) {
    let first = stream::iter([Ok("first")]);
    let failure = stream::once(async {
        tokio::task::yield_now().await;
        Err(io::Error::other("broken"))
    });
    let body = Body::from_stream(first.chain(failure));
    ([("x-accel-buffering", "no")], body)
}

fn gated(gates: &Gates) -> Router {
    let gates = gates.clone();
    Router::new().route(
        "/",
        get(page(move || {
            let gates = gates.clone();
            async move {
                Ok(html! {
                    (DOCTYPE)
                    html lang="en" {
                        head { meta charset="utf-8"; title { "Gated" } }
                        body {
                            h1 { "Shell" }
                            (gated_part(&gates, "first", "First"))
                            (gated_part(&gates, "second", "Second"))
                        }
                    }
                })
            }
        })),
    )
}

fn gated_part(gates: &Gates, gate: &'static str, name: &'static str) -> Boundary {
    let gates = gates.clone();
    let part = async move {
        gates.wait(gate).await;
        Ok(html! { p { (name) " content" } })
    };
    boundary(part).loading(html! { p { "Loading " (gate) } })
}

/// Serves an app until the test ends.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound").to_string();
    tokio::spawn(Server::new().shutdown_on(pending()).serve(listener, app));
    address
}
