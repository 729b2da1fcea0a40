//! X6: requests that are sent before the answers to those before them: streamed pages, routes and
//! static files, mixed, in one write.

use anabranch::Public;
use anabranch::app::Routes;
use anabranch::prelude::{Result, boundary, html, page};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use tempfile::TempDir;

use crate::client::Client;
use crate::local::Local;
use crate::page::{assembled, document};
use crate::random::Random;
use crate::row::failed;
use crate::{Form, Outcome, check};

const REQUESTS: usize = 100;
const FILE: &str = "a file\n";

pub(super) async fn run(form: Form) -> Outcome {
    let place = TempDir::new().map_err(failed)?;
    std::fs::create_dir(place.path().join("public")).map_err(failed)?;
    std::fs::write(place.path().join("public/file.txt"), FILE).map_err(failed)?;
    let public = Public::folder(place.path().join("public"), place.path());
    let server = Local::start(app(public)).await?;
    let mut random = Random::of_row("X6");
    let connections = form.pick(5, 100);
    for _ in 0..connections {
        let targets: Vec<_> = (0..REQUESTS)
            .map(|number| match random.below(4) {
                0 => "/file.txt".to_owned(),
                1 => format!("/text/{number}"),
                2 => format!("/ready/{number}"),
                _ => format!("/page/{number}"),
            })
            .collect();
        let requests: String = targets
            .iter()
            .map(|target| format!("GET {target} HTTP/1.1\r\nhost: localhost\r\n\r\n"))
            .collect();
        let mut client = Client::open(server.address).await?;
        client.send(requests).await?;
        for target in &targets {
            let text = client.reply().await?.expect(200)?.text();
            let number = target.rsplit('/').next().unwrap_or_default();
            let right = match target.split('/').nth(1) {
                Some("file.txt") => text == FILE,
                Some("text") => text == number,
                _ => {
                    let page = assembled(text.as_bytes())?;
                    (0..3).all(|part| page.contains(&format!("\"{number}.{part}\"")))
                }
            };
            check!(right, "{target} is answered by {text}");
        }
        check!(client.rest().is_empty(), "more answers than requests");
    }
    Ok(format!(
        "{connections} connections of {REQUESTS} requests: every answer in its place"
    ))
}

fn app(public: Public) -> Router {
    Routes::<()>::new()
        .public(public)
        .into_router()
        .route(
            "/text/{number}",
            get(|Path(number): Path<String>| async { number }),
        )
        .route("/page/{number}", get(page(streamed)))
        .route("/ready/{number}", get(page(ready)))
}

/// Its parts come in the opposite order.
async fn streamed(Path(number): Path<usize>) -> Result {
    Ok(document(html! {
        @for part in 0..3 {
            (boundary(async move {
                for _ in part..3 {
                    tokio::task::yield_now().await;
                }
                Ok(html! { p { (number) "." (part) } })
            }).loading(html! { p { "…" } }))
        }
    }))
}

async fn ready(Path(number): Path<usize>) -> Result {
    Ok(document(html! {
        @for part in 0..3 {
            (boundary(async move { Ok(html! { p { (number) "." (part) } }) }))
        }
    }))
}
