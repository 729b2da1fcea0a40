//! `cargo anabranch doctor`, in front of an app, of real nginx, and of an app that buffers.
//!
//! Where there is no nginx, its tests say so and check nothing.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

#[path = "../../../../deploy/tests/deploy/nginx.rs"]
mod nginx;

use std::future::pending;
use std::process::{Command, Output};
use std::time::Duration;

use anabranch::prelude::{DOCTYPE, Result, boundary, html};
use anabranch::{Server, page};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use tokio::net::TcpListener;

use nginx::Nginx;

/// What a package's configuration says beside its defaults: where the app is.
fn default_site(address: &str, app: &str) -> String {
    format!("server {{ listen {address}; location / {{ proxy_pass http://{app}; }} }}")
}

fn deaf_site(address: &str, app: &str) -> String {
    format!(
        "server {{ listen {address}; location / {{
             proxy_pass http://{app};
             proxy_ignore_headers X-Accel-Buffering;
         }} }}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_streams_is_well() {
    let app = serve(app()).await;
    let (healthy, said) = doctor(&[&app]).await;
    assert!(healthy, "{said}");
    assert!(said.contains("It streams:"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_as_it_comes_is_well() {
    let app = serve(app()).await;
    let Some(nginx) = Nginx::start(|address| default_site(address, &app)) else {
        return;
    };
    let (healthy, said) = doctor(&[&nginx.address]).await;
    assert!(healthy, "{said}");
    assert!(said.contains("It streams, through nginx"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nginx_that_ignores_the_header_is_named() {
    let app = serve(app()).await;
    let Some(nginx) = Nginx::start(|address| deaf_site(address, &app)) else {
        return;
    };
    for arguments in [&[&*nginx.address][..], &[&nginx.address, "--direct", &app]] {
        let (healthy, said) = doctor(arguments).await;
        assert!(!healthy, "{said}");
        assert!(said.contains("held back by nginx"), "{said}");
        assert!(
            said.contains("It ignores the header `X-Accel-Buffering: no`"),
            "{said}"
        );
        assert!(
            said.contains("remove `proxy_ignore_headers X-Accel-Buffering;`"),
            "{said}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layer_that_collects_is_told_from_a_proxy() {
    let app = serve(app().layer(map_response(collect))).await;
    let (healthy, said) = doctor(&[&app]).await;
    assert!(!healthy, "{said}");
    assert!(said.contains("held back in the app"), "{said}");
    assert!(said.contains("`Content-Length: "), "{said}");

    let Some(nginx) = Nginx::start(|address| default_site(address, &app)) else {
        return;
    };
    for arguments in [&[&*nginx.address][..], &[&nginx.address, "--direct", &app]] {
        let (healthy, said) = doctor(arguments).await;
        assert!(!healthy, "{said}");
        assert!(said.contains("held back in the app"), "{said}");
    }
}

/// A layer that has to see the whole body.
async fn collect(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    Response::from_parts(parts, Body::from(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_judged_is_said() {
    let app = Router::new().route("/whole", get(page(async || Ok(html! { p { "whole" } }))));
    let app = serve(app).await;
    for (path, text) in [
        ("/whole", "has come in one piece"),
        ("/nowhere", "the answer is 404"),
    ] {
        let (healthy, said) = doctor(&[&format!("{app}{path}")]).await;
        assert!(!healthy, "{said}");
        assert!(said.contains(text), "{said}");
    }
}

fn app() -> Router {
    Router::new().route("/", get(page(home)))
}

async fn home() -> Result {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Doctor" } }
            body { (boundary(part()).loading(html! { p { "Loading" } })) }
        }
    })
}

/// A part that is late, as one behind a query is: time is what is measured here.
async fn part() -> Result {
    tokio::time::sleep(Duration::from_secs(1)).await;
    Ok(html! { p { "done" } })
}

/// Serves an app until the test ends.
async fn serve(app: Router) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(Server::new().shutdown_on(pending()).serve(listener, app));
    address
}

/// Whether the doctor finds all well, and what it says.
async fn doctor(arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tested-cargo-anabranch"));
    command.args(["anabranch", "doctor"]).args(arguments);
    let ran = tokio::task::spawn_blocking(move || command.output()).await;
    let Output { status, stderr, .. } = ran.unwrap().unwrap();
    (status.success(), String::from_utf8(stderr).unwrap())
}
