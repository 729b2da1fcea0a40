//! F4: a panic is one error view, wherever it happens, and nothing else changes.

use anabranch::prelude::{Error, Markup, Render, Result, boundary, html, page, secs, share};
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use tokio::task::JoinSet;

use crate::child::Child;
use crate::client::{Client, Reply};
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{document, gated, shows};
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

const HEALTHY: usize = 100;

/// Requests at the same time.
const AT_ONCE: usize = 25;

/// What no response may contain: of the panics' text, their types and their places.
const SECRETS: [&str; 5] = [
    "swordfish",
    "SecretType",
    "anabranch_battery",
    ".rs",
    "panicked",
];

pub(super) fn app(control: Control) -> Router {
    Router::new()
        .route("/healthy/{stream}", get(page(healthy)))
        .route("/page/{when}", get(page(whole_page)))
        .route("/boundary/{place}", get(page(with_boundary)))
        .with_state(control)
}

async fn healthy(Path(stream): Path<usize>, State(control): State<Control>) -> Result {
    let item = |number| {
        let content = html! { p { (number) " of " (stream) } };
        gated(control.gates.clone(), "release".to_owned(), content)
    };
    Ok(document(html! {
        p { "shell" }
        @for number in 0..10 { (boundary(item(number)).deadline(secs(600))) }
    }))
}

/// Panics with text that belongs into no response.
struct SecretType;

impl Render for SecretType {
    fn render(&self) -> Markup {
        panic!("swordfish in {}", std::any::type_name::<Self>())
    }
}

async fn whole_page(Path(when): Path<String>) -> Result {
    if when == "later" {
        tokio::task::yield_now().await;
    }
    Ok(document(html! { (boundary(beside())) (SecretType) }))
}

async fn beside() -> Result {
    tokio::task::yield_now().await;
    Ok(html! { p { "beside" } })
}

const PLACES: [&str; 6] = ["at-once", "later", "render", "shared", "spawned", "nested"];

async fn with_boundary(Path(place): Path<String>) -> Result {
    let spawn = place == "spawned";
    let failing = boundary(panics(place)).error(|_: &Error| html! { p { "failed" } });
    Ok(document(html! {
        p { "shell" }
        (boundary(beside()))
        @if spawn { (failing.spawn()) } @else { (failing) }
        (boundary(beside()))
    }))
}

async fn panics(place: String) -> Result {
    match place.as_str() {
        "at-once" => panic!("swordfish"),
        "render" => Ok(html! { p { "before" } (SecretType) }),
        "shared" => {
            let shared = share(async {
                tokio::task::yield_now().await;
                if true {
                    panic!("swordfish");
                }
                Ok::<(), Error>(())
            });
            let (first, second) = tokio::join!(shared.clone(), shared);
            first.and(second)?;
            Ok(html! {})
        }
        "nested" => {
            tokio::task::yield_now().await;
            Ok(html! { (boundary(async { panic!("swordfish") })) })
        }
        _ => {
            tokio::task::yield_now().await;
            panic!("swordfish")
        }
    }
}

pub(super) async fn run(form: Form) -> Outcome {
    let requests = form.pick(500, 5_000);
    let child = Child::start("panics", &Limits::default())?;
    let mut parked = Vec::new();
    for stream in 0..HEALTHY {
        let mut client = Client::open(child.address).await?;
        client.get(&format!("/healthy/{stream}")).await?;
        client.read_to("shell").await?;
        parked.push(client);
    }
    let paths = PLACES.map(|place| format!("/boundary/{place}")).into_iter();
    let paths: Vec<_> = paths
        .chain(["/page/at-once".into(), "/page/later".into()])
        .collect();
    let paths: Vec<_> = paths.into_iter().cycle().take(requests).collect();
    for batch in paths.chunks(AT_ONCE) {
        let mut replies = JoinSet::new();
        for path in batch {
            let (server, path) = (child.address, path.clone());
            replies.spawn(async move {
                let reply = Client::ask(server, &path).await;
                reply
                    .and_then(|reply| judge(&path, &reply))
                    .map_err(|error| format!("{path}: {error}"))
            });
        }
        while let Some(judged) = replies.join_next().await {
            judged.map_err(failed)??;
        }
    }
    child.open("release")?;
    for (stream, mut client) in parked.into_iter().enumerate() {
        let expected = document(html! {
            p { "shell" }
            @for number in 0..10 { p { (number) " of " (stream) } }
        });
        shows(&client.reply().await?, &expected)?;
    }
    let errors = child.count("errors")?;
    check!(
        errors >= requests as i64,
        "{errors} error lines for {requests} panics"
    );
    Ok(format!(
        "{requests} panics: a 500 or an error view each, {HEALTHY} of {HEALTHY} streams beside them right"
    ))
}

fn judge(path: &str, reply: &Reply) -> Tried {
    let text = reply.text();
    for secret in SECRETS {
        let headers = &reply.head.headers;
        let told = text.contains(secret) || headers.iter().any(|(_, value)| value.contains(secret));
        check!(!told, "the response tells {secret}: {text}");
    }
    if path.starts_with("/page") {
        check!(reply.status() == 500, "{}", reply.status());
        check!(reply.is_complete(), "the answer is cut");
        return Ok(());
    }
    check!(reply.status() == 200, "{}", reply.status());
    let expected = document(html! {
        p { "shell" }
        p { "beside" }
        p { "failed" }
        p { "beside" }
    });
    shows(reply, &expected)
}
