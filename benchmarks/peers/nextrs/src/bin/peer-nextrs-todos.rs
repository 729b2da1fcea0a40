//! The todos app on nextrs: a page, and the same list as JSON.

use std::{io, sync::Arc};

use axum::{Json, response::IntoResponse};
use bench_workloads::{
    server::serve,
    todos::{Todo, todos},
};
use maud::{DOCTYPE, PreEscaped, html};
use nextrs::conventions::{RouteEntry, RouteRegistry};

#[tokio::main]
async fn main() -> io::Result<()> {
    let todos: Arc<[Todo]> = todos().into();
    let listed = Arc::clone(&todos);
    let mut registry = RouteRegistry::new();
    registry.add(RouteEntry {
        path: "/".into(),
        page: Some(Box::new(move |_| {
            let todos = Arc::clone(&todos);
            Box::pin(async move { page(&todos) })
        })),
        layout: Some(Box::new(layout)),
        ..RouteEntry::default()
    });
    registry.add(RouteEntry {
        path: "/api/todos".into(),
        methods: vec![(
            axum::http::Method::GET,
            Box::new(move |_| {
                let todos = Arc::clone(&listed);
                Box::pin(async move { Json(&todos[..]).into_response() })
            }),
        )],
        ..RouteEntry::default()
    });
    serve(nextrs::router::build_router(registry)).await
}

fn layout(main: &str) -> String {
    let document = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { "Todos" }
            }
            body {
                header { a href="/" { "Todos" } }
                main { (PreEscaped(main)) }
            }
        }
    };
    document.into_string()
}

fn page(todos: &[Todo]) -> String {
    let open = todos.iter().filter(|todo| !todo.done).count();
    let page = html! {
        h1 { "What is to be done" }
        p { (open) " of " (todos.len()) " are open." }
        ul {
            @for todo in todos {
                li { b { (todo.title) } span { (todo.state()) } }
            }
        }
    };
    page.into_string()
}
