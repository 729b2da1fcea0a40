//! A page that is complete while a script of its own is still to run.

use anabranch::prelude::*;
use anabranch_paint::{Gates, Result as Outcome, Swap};
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::Value;

use crate::cut::NOTICE;
use crate::native_and_bridge;
use crate::open::Open;
use crate::views::late_mark;

native_and_bridge! { a_script_that_runs_after_the_end_cuts_nothing }

fn app(gates: Gates) -> Router {
    Router::new()
        .route("/", get(page(deferred)))
        .route("/late.js", get(late_script))
        // The shortest there is: the bridge judges long before the script arrives.
        .layer(Extension(Settings::new().heartbeat(millis(100))))
        .with_state(gates)
}

/// A page with a script that runs when all of it has been parsed.
async fn deferred(State(gates): State<Gates>) -> Result {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Test" } script defer src="/late.js" {} }
            body { (late_mark(&gates, "a")) }
        }
    })
}

/// A script that arrives when the gate "script" opens.
async fn late_script(State(gates): State<Gates>) -> impl IntoResponse {
    gates.wait("script").await;
    ([(CONTENT_TYPE, "text/javascript")], "self.ran = true")
}

/// The end marker is judged by silence first, and once more when the script has run.
fn a_script_that_runs_after_the_end_cuts_nothing(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    open.page.wait_painted("loading a")?;
    open.wait_waiting("script", 1)?;
    open.gates.open("a");
    // All is parsed, and the silence has taken the end marker away.
    open.page
        .wait_for("document.readyState === 'interactive' && document.lastChild.data !== '$a'")?;
    open.finish(&["script"])?;
    assert_eq!(open.page.eval("ran")?, true);
    assert_eq!(open.page.eval(NOTICE)?, Value::Null);
    Ok(())
}
