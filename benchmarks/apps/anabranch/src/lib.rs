//! The benchmark workloads on Anabranch, with its default settings.

use std::pin::Pin;

use anabranch::prelude::*;
use axum::{Router, routing::get};
use bench_workloads::{
    pages::{document, level, list, loading, paragraph, section, stamp, wait},
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yields_of},
};

/// All workloads.
pub fn app() -> Router {
    Router::new()
        .route("/w1", get(page(w1)))
        .route("/w2", get(page(w2)))
        .route("/w3", get(page(w3)))
        .route("/w4", get(page(w4)))
        .route("/w5", get(page(w5)))
        .route("/w6", get(page(w6)))
        .route("/w7", get(page(w7)))
        .route("/w8", get(page(w8)))
}

async fn w1() -> Result {
    Ok(document("w1", "", list()))
}

async fn w2() -> Result {
    Ok(document(
        "w2",
        "",
        boundary(list_after_a_yield()).loading(loading(0)),
    ))
}

async fn w3() -> Result {
    Ok(siblings("w3", |_| list_after_a_yield()))
}

async fn w4() -> Result {
    Ok(document("w4", "", boundary(nested(1)).loading(loading(1))))
}

async fn w5() -> Result {
    let main = html! {
        @for i in 0..PARAGRAPHS {
            (boundary(late_paragraph(i)).loading(wait()))
        }
    };
    Ok(document("w5", "", main))
}

async fn w6() -> Result {
    Ok(siblings("w6", |i| async move {
        parked(i).await;
        Ok(list())
    }))
}

async fn w7() -> Result {
    Ok(siblings("w7", |i| async move {
        Ok(stamp(i, staggered(i).await))
    }))
}

async fn w8() -> Result {
    Ok(siblings("w8", |_| async {
        tick().await;
        Ok(list())
    }))
}

/// A page of ten sections, each with a boundary around what `content` gives for its number.
fn siblings<F>(title: &str, content: impl Fn(usize) -> F) -> Markup
where
    F: Future<Output = Result> + Send + 'static,
{
    let main = html! {
        @for i in 0..SIBLINGS {
            (section(i, boundary(content(i)).loading(loading(i))))
        }
    };
    document(title, "", main)
}

/// Level `n` and, inside it, a boundary around the next level. A future that holds another of its
/// own kind needs the box.
fn nested(n: usize) -> Pin<Box<dyn Future<Output = Result> + Send>> {
    Box::pin(async move {
        yields(1).await;
        Ok(if n < LEVELS {
            level(n, boundary(nested(n + 1)).loading(loading(n + 1)))
        } else {
            level(n, list())
        })
    })
}

async fn list_after_a_yield() -> Result {
    yields(1).await;
    Ok(list())
}

async fn late_paragraph(i: usize) -> Result {
    yields(yields_of(i)).await;
    Ok(paragraph(i))
}
