//! The benchmark workloads on leptos: out-of-order streaming by `leptos_axum`, no hydration.

mod pages;

use std::io;

use axum::{Router, routing::get};
use bench_workloads::server::serve;
use leptos::prelude::*;
use leptos_axum::render_app_to_stream;

use crate::pages::{w1, w2, w3, w4, w5, w6, w7, w8};

#[tokio::main]
async fn main() -> io::Result<()> {
    // leptos_axum does so where it makes the routes itself. What was set before stays.
    let _ = any_spawner::Executor::init_tokio();
    let app = Router::new()
        .route("/w1", get(render_app_to_stream(|| document("w1", w1()))))
        .route("/w2", get(render_app_to_stream(|| document("w2", w2()))))
        .route("/w3", get(render_app_to_stream(|| document("w3", w3()))))
        .route("/w4", get(render_app_to_stream(|| document("w4", w4()))))
        .route("/w5", get(render_app_to_stream(|| document("w5", w5()))))
        .route("/w6", get(render_app_to_stream(|| document("w6", w6()))))
        .route("/w7", get(render_app_to_stream(|| document("w7", w7()))))
        .route("/w8", get(render_app_to_stream(|| document("w8", w8()))));
    serve(app).await
}

fn document(title: &'static str, main: impl IntoView + 'static) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8" />
                <title>{title}</title>
            </head>
            <body>
                <header>
                    <h1>{format!("Bench {title}")}</h1>
                </header>
                <nav>
                    <a href="/w1">"w1"</a>
                    <a href="/w2">"w2"</a>
                    <a href="/w3">"w3"</a>
                    <a href="/w4">"w4"</a>
                    <a href="/w5">"w5"</a>
                    <a href="/w6">"w6"</a>
                    <a href="/w7">"w7"</a>
                </nav>
                <main>{main}</main>
            </body>
        </html>
    }
}
