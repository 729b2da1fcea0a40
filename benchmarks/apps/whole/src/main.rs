//! The benchmark workloads on axum and maud, whole pages: everything is awaited, siblings together,
//! and the page leaves in one piece.

use std::io;

use axum::{Router, response::Html, routing::get};
use bench_workloads::{
    pages::{document, level, list, paragraph, section, stamp},
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yields_of},
    server::serve,
};
use futures_util::future::join_all;
use maud::{Markup, html};

#[tokio::main]
async fn main() -> io::Result<()> {
    let app = Router::new()
        .route("/w1", get(w1))
        .route("/w2", get(w2))
        .route("/w3", get(w3))
        .route("/w4", get(w4))
        .route("/w5", get(w5))
        .route("/w6", get(w6))
        .route("/w7", get(w7))
        .route("/w8", get(w8));
    serve(app).await
}

async fn w1() -> Html<String> {
    page("w1", &list())
}

async fn w2() -> Html<String> {
    page("w2", &list_after_a_yield().await)
}

async fn w3() -> Html<String> {
    let contents = join_all((0..SIBLINGS).map(|_| list_after_a_yield())).await;
    page("w3", &sections(&contents))
}

async fn w4() -> Html<String> {
    yields(LEVELS).await;
    let main = (1..=LEVELS).rev().fold(list(), |inner, n| level(n, inner));
    page("w4", &main)
}

async fn w5() -> Html<String> {
    let paragraphs = join_all((0..PARAGRAPHS).map(|i| async move {
        yields(yields_of(i)).await;
        paragraph(i)
    }))
    .await;
    page(
        "w5",
        &html! { @for paragraph in &paragraphs { (paragraph) } },
    )
}

async fn w6() -> Html<String> {
    let contents = join_all((0..SIBLINGS).map(|i| async move {
        parked(i).await;
        list()
    }))
    .await;
    page("w6", &sections(&contents))
}

async fn w7() -> Html<String> {
    let contents =
        join_all((0..SIBLINGS).map(|i| async move { stamp(i, staggered(i).await) })).await;
    page("w7", &sections(&contents))
}

async fn w8() -> Html<String> {
    let contents = join_all((0..SIBLINGS).map(|_| async {
        tick().await;
        list()
    }))
    .await;
    page("w8", &sections(&contents))
}

async fn list_after_a_yield() -> Markup {
    yields(1).await;
    list()
}

fn sections(contents: &[Markup]) -> Markup {
    html! { @for (i, content) in contents.iter().enumerate() { (section(i, content)) } }
}

fn page(title: &str, main: &Markup) -> Html<String> {
    Html(document(title, "", main).into_string())
}
