//! The places where text goes: each a page that shows one vector.

use std::collections::HashMap;

use anabranch::prelude::*;
use axum::Router;
use axum::extract::{Path, Request};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use axum::routing::get;

use super::vectors::vectors;
use crate::page::document;

/// One of them.
pub(super) struct Sink {
    pub(super) name: &'static str,
    /// Whether escaping is not enough.
    pub(super) needs_policy: bool,
    url: fn(usize, &str) -> String,
}

pub(super) const SINKS: &[Sink] = &[
    sink("document"),
    Sink {
        needs_policy: true,
        ..sink("href")
    },
    sink("error-page"),
    sink("late-redirect"),
    sink("redirect"),
    sink("form"),
    Sink {
        url: |_, vector| format!("/path/{}", percent(vector)),
        ..sink("path")
    },
    Sink {
        url: |_, vector| format!("/no/such/{}?{}", percent(vector), percent(vector)),
        ..sink("no-such-path")
    },
];

/// No sink but its opposite: the vectors as HTML.
pub(super) const RAW: Sink = sink("raw");

const fn sink(name: &'static str) -> Sink {
    Sink {
        name,
        needs_policy: false,
        url: |_, _| String::new(),
    }
}

pub(super) fn app() -> Router {
    Router::new()
        .route("/frames/{sink}", get(frames))
        .route("/sinks/{sink}/{number}", get(one))
        .route("/path/{text}", get(page(path)))
        .route("/form", get(|| async { StatusCode::NO_CONTENT }).post(form))
        .fallback(nowhere)
}

/// Counts, for the frames below, which of them have run a script.
async fn frames(Path(name): Path<String>) -> impl IntoResponse {
    let sink = SINKS.iter().chain([&RAW]).find(|sink| sink.name == name);
    let vectors = vectors();
    let urls = vectors.iter().enumerate().map(|(number, vector)| {
        let url = sink.map_or_else(String::new, |sink| (sink.url)(number, vector));
        match url.as_str() {
            "" => format!("/sinks/{name}/{number}"),
            _ => url,
        }
    });
    let page = document(html! { @for url in urls { iframe src=(url) {} } });
    Html(page.into_string())
}

async fn one(Path((sink, number)): Path<(String, usize)>, request: PageRequest) -> Page {
    let vector = vectors().get(number).cloned().unwrap_or_default();
    request
        .render(async move { show(&sink, vector).await })
        .await
}

async fn show(sink: &str, vector: String) -> Result {
    let late = vector.clone();
    let text = vector.as_str();
    Ok(match sink {
        "document" => everywhere(text, late),
        "href" => document(html! {
            a href=(text) { "link" }
            (after_a_while(html! { a href=(late) { "late" } }))
        }),
        "error-page" => return Err(Error::msg(vector)),
        "late-redirect" => in_head(
            &Head::title("early"),
            &html! {
                (boundary(leading(late)).loading(html! { p { "Loading…" } }))
            },
        ),
        "redirect" => return Err(redirect(vector)),
        "form" => document(html! {
            form data-send method="post" action="/form" {
                textarea name="text" { "\n" (text) }
            }
        }),
        "raw" => document(html! { a href=(text) { "link" } (PreEscaped(text)) }),
        _ => return Err(not_found()),
    })
}

/// In the head and its late tags, as text, in attributes, in queries, in error views, in names of
/// boundaries, and as a sanitised fragment: at once and late.
fn everywhere(text: &str, late: String) -> Markup {
    in_head(
        &head(text),
        &html! {
            (in_body(text))
            (boundary(arriving(late.clone())).loading(html! { p title=(text) { (text) } }))
            (boundary(failing(late.clone())).error(|error| html! { p { (error) (error.id()) } }))
            (boundary(failing(late)).name(text.to_owned()))
        },
    )
}

fn in_body(text: &str) -> Markup {
    html! {
        p title=(text) class=(text) data-x=(text) { (text) }
        textarea { (text) }
        select { option { (text) } }
        table { tr { td { (text) } } }
        input value=(text);
        img alt=(text);
        a href={ "/search?q=" (text) } { "search" }
        a href={ "/search/" (text) } { "search" }
        (anabranch::fragment(text).sanitized())
    }
}

async fn arriving(text: String) -> Result {
    tokio::task::yield_now().await;
    Ok(html! { (head(&text)) (in_body(&text)) })
}

fn after_a_while(content: Markup) -> Boundary {
    let ready = async move {
        tokio::task::yield_now().await;
        Ok(content)
    };
    boundary(ready).loading(html! { p { "Loading…" } })
}

async fn failing(message: String) -> Result {
    tokio::task::yield_now().await;
    Err(Error::msg(message))
}

async fn leading(target: String) -> Result {
    tokio::task::yield_now().await;
    Err(redirect(target))
}

fn head(text: &str) -> Head {
    Head::title(text)
        .meta("description", text)
        .meta(text, "x")
        .property("og:title", text)
        .link("canonical", text)
        .link(text, "/x")
}

fn in_head(head: &Head, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" { head { meta charset="utf-8"; (head) } body { (body) } }
    }
}

async fn path(Path(text): Path<String>) -> Result {
    Ok(document(html! {
        p { (text) }
        (after_a_while(html! { p title=(text) { (text) } }))
    }))
}

/// Shows again what was typed, and what is wrong with it.
async fn form(
    request: PageRequest,
    Form(fields, mut state): Form<HashMap<String, String>>,
) -> impl IntoResponse {
    let typed = fields.get("text").cloned().unwrap_or_default();
    state.reject("text", &typed);
    state.reject_form(&typed);
    let page = async move {
        Ok(document(html! {
            form method="post" {
                (state.form_message())
                input name="text" value=(state.value("text")) aria-describedby=[state.described_by("text")];
                textarea { "\n" (state.value("text")) }
                (state.message("text"))
            }
            (after_a_while(html! { (state.message("text")) }))
        }))
    };
    (StatusCode::UNPROCESSABLE_ENTITY, request.render(page).await)
}

/// Names the path that is not there.
async fn nowhere(request: Request) -> impl IntoResponse {
    let uri = request.uri().to_string();
    let page = document(html! { p { "There is no " (uri) } });
    (StatusCode::NOT_FOUND, Html(page.into_string()))
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
