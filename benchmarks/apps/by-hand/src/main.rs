//! The benchmark workloads on axum and maud, streamed out of order by hand: the peer that every
//! ratio refers to. It does what a careful developer writes for one app, no more: no errors,
//! deadlines, cancellation or whole pages for bots.

mod streaming;

use std::io;

use axum::{
    Router,
    response::{Html, Response},
    routing::get,
};
use bench_workloads::{
    pages::{document, level, list, loading, paragraph, section, stamp, wait},
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yields_of},
    server::serve,
    wire::SWAP_SCRIPT,
};
use futures_util::{FutureExt, future::BoxFuture};
use maud::{Markup, html};

use crate::streaming::Scope;

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
    let mut scope = Scope::new();
    let main = scope.boundary(&loading(0), list_after_a_yield());
    page(scope, "w2", &main)
}

async fn w3() -> Response {
    siblings("w3", |_| list_after_a_yield())
}

async fn w4() -> Response {
    let mut scope = Scope::new();
    let main = scope.nesting(&loading(1), |scope| nested(1, scope));
    page(scope, "w4", &main)
}

async fn w5() -> Response {
    let mut scope = Scope::new();
    let main = html! {
        @for i in 0..PARAGRAPHS {
            (scope.boundary(&wait(), async move {
                yields(yields_of(i)).await;
                paragraph(i)
            }))
        }
    };
    page(scope, "w5", &main)
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
    let mut scope = Scope::new();
    let main = html! {
        @for i in 0..SIBLINGS {
            (section(i, scope.boundary(&loading(i), content(i))))
        }
    };
    page(scope, title, &main)
}

/// Level `n` and, inside it, a boundary around the next level.
fn nested(n: usize, mut scope: Scope) -> BoxFuture<'static, (Markup, Scope)> {
    async move {
        yields(1).await;
        let inner = if n < LEVELS {
            scope.nesting(&loading(n + 1), |scope| nested(n + 1, scope))
        } else {
            list()
        };
        (level(n, inner), scope)
    }
    .boxed()
}

async fn list_after_a_yield() -> Markup {
    yields(1).await;
    list()
}

fn page(scope: Scope, title: &str, main: &Markup) -> Response {
    scope.respond(document(title, SWAP_SCRIPT, main))
}
