//! The benchmark workloads on axum and maud, streamed out of order by hand. It does what a
//! developer writes for one app, no more: no errors, deadlines, cancellation or whole pages for
//! bots.

mod streaming;

use axum::{
    Router,
    extract::State,
    response::{Html, Response},
    routing::get,
};
use bench_workloads::{
    pages::{document, level, list, loading, paragraph, section, stamp, wait},
    schedule::{LEVELS, PARAGRAPHS, SIBLINGS, parked, staggered, tick, yields, yields_of},
    wire::SWAP_SCRIPT,
};
use futures_util::{FutureExt, future::BoxFuture};
use maud::{Markup, html};

pub use crate::streaming::Frames;
use crate::streaming::Scope;

/// The workloads, with patches in frames of this kind.
pub fn app(frames: Frames) -> Router {
    Router::new()
        .route("/w1", get(w1))
        .route("/w2", get(w2))
        .route("/w3", get(w3))
        .route("/w4", get(w4))
        .route("/w5", get(w5))
        .route("/w6", get(w6))
        .route("/w7", get(w7))
        .route("/w8", get(w8))
        .with_state(frames)
}

async fn w1() -> Html<String> {
    Html(document("w1", "", list()).into_string())
}

async fn w2(State(frames): State<Frames>) -> Response {
    let mut scope = Scope::new(frames);
    let main = scope.boundary(&loading(0), list_after_a_yield());
    page(scope, "w2", &main)
}

async fn w3(State(frames): State<Frames>) -> Response {
    siblings(frames, "w3", |_| list_after_a_yield())
}

async fn w4(State(frames): State<Frames>) -> Response {
    let mut scope = Scope::new(frames);
    let main = scope.nesting(&loading(1), |scope| nested(1, scope));
    page(scope, "w4", &main)
}

async fn w5(State(frames): State<Frames>) -> Response {
    let mut scope = Scope::new(frames);
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

async fn w6(State(frames): State<Frames>) -> Response {
    siblings(frames, "w6", |i| async move {
        parked(i).await;
        list()
    })
}

async fn w7(State(frames): State<Frames>) -> Response {
    siblings(
        frames,
        "w7",
        |i| async move { stamp(i, staggered(i).await) },
    )
}

async fn w8(State(frames): State<Frames>) -> Response {
    siblings(frames, "w8", |_| async {
        tick().await;
        list()
    })
}

/// A page of ten sections, each with a boundary around what `content` gives for its number.
fn siblings<F>(frames: Frames, title: &str, content: impl Fn(usize) -> F) -> Response
where
    F: Future<Output = Markup> + Send + 'static,
{
    let mut scope = Scope::new(frames);
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
