//! The benchmark workloads on columbo: axum, maud, and a spawned task for each boundary.

use std::{io, pin::Pin};

use axum::{
    Router,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use bench_workloads::{
    pages::{document, level, list, loading, paragraph, section, stamp, wait},
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yields_of},
    server::serve,
};
use columbo::SuspenseContext;
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
    Html(document("w1", "", list()).into_string())
}

async fn w2() -> Response {
    page("w2", |context| {
        html! { (context.suspend(list_after_a_yield(), loading(0))) }
    })
}

async fn w3() -> Response {
    siblings("w3", |_| list_after_a_yield())
}

async fn w4() -> Response {
    page("w4", |context| {
        html! { (context.suspend(nested(1, context.clone()), loading(1))) }
    })
}

async fn w5() -> Response {
    page("w5", |context| {
        html! {
            @for i in 0..PARAGRAPHS {
                (context.suspend(late_paragraph(i), wait()))
            }
        }
    })
}

async fn w6() -> Response {
    siblings("w6", |i| async move {
        parked(i).await;
        list()
    })
}

async fn w7() -> Response {
    siblings("w7", |i| async move { stamp(i, staggered(i).await) })
}

async fn w8() -> Response {
    siblings("w8", |_| async {
        tick().await;
        list()
    })
}

/// A page of ten sections, each with a boundary around what `content` gives for its number.
fn siblings<F>(title: &str, content: impl Fn(usize) -> F) -> Response
where
    F: Future<Output = Markup> + Send + 'static,
{
    page(title, |context| {
        html! {
            @for i in 0..SIBLINGS {
                (section(i, context.suspend(content(i), loading(i))))
            }
        }
    })
}

/// Level `n` and, inside it, a boundary around the next level.
fn nested(n: usize, context: SuspenseContext) -> Pin<Box<dyn Future<Output = Markup> + Send>> {
    Box::pin(async move {
        yields(1).await;
        if n < LEVELS {
            let next = nested(n + 1, context.clone());
            level(n, context.suspend(next, loading(n + 1)))
        } else {
            level(n, list())
        }
    })
}

async fn list_after_a_yield() -> Markup {
    yields(1).await;
    list()
}

async fn late_paragraph(i: usize) -> Markup {
    yields(yields_of(i)).await;
    paragraph(i)
}

fn page(title: &str, main: impl FnOnce(&SuspenseContext) -> Markup) -> Response {
    let (context, response) = columbo::new();
    let main = main(&context);
    response
        .into_stream(document(title, "", main))
        .into_response()
}
