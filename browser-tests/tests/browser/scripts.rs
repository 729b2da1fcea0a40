//! Scripts in late content.

use anabranch::prelude::*;
use anabranch_paint::{Gates, Result as Outcome, Swap};
use axum::Router;
use axum::extract::Path;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use serde_json::json;

use crate::native_and_bridge;
use crate::open::{Open, arrive};
use crate::views::{document, late_mark, mark};

native_and_bridge! { scripts_in_late_content_run_once }

fn app(gates: Gates) -> Router {
    Router::new()
        .route("/", get(page(scripts)))
        .route("/files/{name}", get(file))
        .with_state(gates)
}

/// Scripts of all kinds in the content of "a", and one in its loading view.
async fn scripts(State(gates): State<Gates>) -> Result {
    let content = content(gates.clone());
    Ok(document(&html! {
        script { "self.log = []" }
        (boundary(content).loading(inline("loading")))
        (late_mark(&gates, "rest"))
    }))
}

async fn content(gates: Gates) -> Result {
    gates.wait("a").await;
    Ok(html! {
        (inline("inline 1"))
        script src="/files/file-1" {}
        (inline("inline 2"))
        script src="/files/file-2" {}
        script type="module" { "log.push('module')" }
        script type="application/json" { "log.push('data')" }
        (late_mark(&gates, "inner"))
    })
}

fn inline(name: &str) -> Markup {
    html! { script { "log.push('" (name) "')" } (mark(name)) }
}

/// A script file, behind a gate of its own.
async fn file(State(gates): State<Gates>, Path(name): Path<String>) -> impl IntoResponse {
    gates.wait(&name).await;
    let script = format!("log.push('{name}')");
    ([(CONTENT_TYPE, "text/javascript")], script)
}

fn scripts_in_late_content_run_once(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    open.page.wait_painted("loading rest")?;
    open.gates.open("a");
    open.wait_waiting("file-1", 1)?;
    if swap == Swap::Bridge {
        // Nothing waits for the file: neither what stands behind it, nor later patches.
        open.gates.open("file-2");
        arrive(&open.page, "log.includes('file-2')")?;
        open.gates.open("inner");
        open.page.wait_painted("inner")?;
    }
    open.finish(&["file-2", "file-1", "inner", "rest"])?;
    let order = match swap {
        Swap::Native => json!([
            "loading", "inline 1", "file-1", "inline 2", "file-2", "module"
        ]),
        Swap::Bridge => json!([
            "loading", "inline 1", "inline 2", "module", "file-2", "file-1"
        ]),
    };
    assert_eq!(open.page.eval("log")?, order);
    Ok(())
}
