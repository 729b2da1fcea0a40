//! The bytes of inspected pages, on paused time.

#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

mod support;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::time::Duration;

use anabranch_boundaries::{Error, Result, boundary};
use anabranch_engine::ResponseParts;
use anabranch_html::csp::{Policy, TRIGGER_HASH};
use anabranch_inspector::{Inspector, SCRIPT, SCRIPT_HASH};
use anabranch_router::page;
use anabranch_server::Layers;
use axum::Router;
use axum::extract::FromRequestParts;
use axum::routing::get;
use http::header::CONTENT_SECURITY_POLICY;
use http::request::Parts;
use maud::{Markup, html};
use serde_json::{Value, json};
use tokio::time::sleep;

use support::{ask, ask_as, blocks};

/// The name of a boundary that would like to be markup.
const HOSTILE: &str = "</script><script>alert(1)</script><!--\u{2028}\"";

async fn after(ms: u64, content: Markup) -> Result {
    sleep(Duration::from_millis(ms)).await;
    Ok(content)
}

/// Waits 60 ms, shows one boundary that is ready and one with another one inside.
async fn nested() -> Result {
    sleep(Duration::from_millis(60)).await;
    let outer = async {
        sleep(Duration::from_millis(100)).await;
        let inner = boundary(after(200, html! { "inner" })).name("inner");
        Ok(html! { "outer " (inner.loading(html! { "…" })) })
    };
    Ok(html! {
        body {
            (boundary(after(0, html! { "ready" })).name("ready"))
            (boundary(outer).name("outer").loading(html! { "…" }))
        }
    })
}

fn app(inspector: Inspector) -> Router {
    Router::new()
        .route("/nested", get(page(nested)))
        .route("/text", get(async || "text"))
        .layer(inspector)
}

#[tokio::test(start_paused = true)]
async fn off_it_adds_no_byte() {
    let plain = Router::new().route("/nested", get(page(nested)));
    let answer = ask(&app(Inspector::off()), "/nested").await;
    assert_eq!(answer, ask(&plain, "/nested").await);
    assert!(!answer.body.contains("data-anabranch"));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_page_stays_as_it_is() {
    let answer = ask(&app(Inspector::on()), "/text").await;
    assert_eq!(answer, ask(&app(Inspector::off()), "/text").await);
}

#[tokio::test(start_paused = true)]
async fn each_flush_tells_what_is_new() {
    let answer = ask(&app(Inspector::on()), "/nested").await;
    let place = "inspector/tests/wire/main.rs";
    let inner_is = |more: Value| {
        let mut inner = json!({
            "id": 3, "parent": 2, "name": "inner", "place": place, "loading": true,
            "rendered": 160.0, "started": 160.0, "shown": 160.0, "wire": "1",
        });
        inner
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        inner
    };
    assert_eq!(
        blocks(&answer.body),
        [
            json!({
                "committed": 60.0,
                "waits": [{ "what": "page", "place": place, "from": 0.0, "to": 60.0 }],
                "boundaries": [
                    {
                        "id": 1, "parent": 0, "name": "ready", "place": place, "loading": false,
                        "rendered": 60.0, "started": 60.0, "end": 60.0, "sent": 60.0,
                        "outcome": "complete",
                    },
                    {
                        "id": 2, "parent": 0, "name": "outer", "place": place, "loading": true,
                        "rendered": 60.0, "started": 60.0, "shown": 60.0, "wire": "0",
                    },
                ],
            }),
            json!({
                "boundaries": [
                    {
                        "id": 2, "parent": 0, "name": "outer", "place": place, "loading": true,
                        "rendered": 60.0, "started": 60.0, "shown": 60.0, "wire": "0",
                        "end": 160.0, "sent": 160.0, "outcome": "complete",
                    },
                    inner_is(json!({})),
                ],
            }),
            json!({
                "boundaries": [
                    inner_is(json!({ "end": 360.0, "sent": 360.0, "outcome": "complete" })),
                ],
                "finished": 360.0,
                "hints": [
                    {
                        "seen": "page awaited 60 ms before the shell",
                        "place": place,
                        "mend": "move what is slow behind a boundary, or add a loading file",
                    },
                    {
                        "seen": "outer → inner run one after another, 300 ms",
                        "place": place,
                        "mend": "start what they wait for together, with share()",
                    },
                ],
            }),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_script_stands_once_behind_the_first_block() {
    let body = ask(&app(Inspector::on()), "/nested").await.body;
    let script = format!("</script><script data-anabranch-inspector>{SCRIPT}</script>");
    assert_eq!(body.matches(&script).count(), 1);
    assert!(body.find(&script) < body.find("<template for"));
}

#[tokio::test(start_paused = true)]
async fn without_the_blocks_and_the_script_the_page_is_as_before() {
    let mut body = ask(&app(Inspector::on()), "/nested").await.body;
    body = body.replace(
        &format!("<script data-anabranch-inspector>{SCRIPT}</script>"),
        "",
    );
    while let Some(from) = body.find("<script type=\"application/json\" data-anabranch>") {
        let to = from + body[from..].find("</script>").unwrap() + "</script>".len();
        body.replace_range(from..to, "");
    }
    // The first flush is padded to a length that it has now without it.
    let plain = ask(&app(Inspector::off()), "/nested").await.body;
    assert_eq!(body.replace(' ', ""), plain.replace(' ', ""));
}

#[tokio::test(start_paused = true)]
async fn whole_pages_have_the_header_only() {
    let answer = ask_as(&app(Inspector::on()), "/nested", "Googlebot").await;
    let plain = ask_as(&app(Inspector::off()), "/nested", "Googlebot").await;
    assert_eq!(answer.body, plain.body);
    assert!(
        answer
            .header("server-timing")
            .unwrap()
            .starts_with("shell;dur=360, page;")
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_without_boundaries_is_told_of() {
    let app = Router::new()
        .route("/", get(page(async || Ok(html! { body { "Hi" } }))))
        .layer(Inspector::on());
    let body = ask(&app, "/").await.body;
    let place = "inspector/tests/wire/main.rs";
    assert_eq!(
        blocks(&body),
        [json!({
            "committed": 0.0,
            "waits": [{ "what": "page", "place": place, "from": 0.0, "to": 0.0 }],
            "finished": 0.0,
        })]
    );
    assert!(body.ends_with("</script></body>"), "{body}");
}

#[tokio::test(start_paused = true)]
async fn server_timing_tells_what_came_before_the_commit() {
    let answer = ask(&app(Inspector::on()), "/nested").await;
    let header = answer.header("server-timing").unwrap();
    let (before, after) = header.split_once(".rs:").unwrap();
    assert_eq!(
        before,
        "shell;dur=60, page;desc=\"inspector/tests/wire/main"
    );
    assert_eq!(after.split_once('"').unwrap().1, ";dur=60");
}

#[tokio::test(start_paused = true)]
async fn extractors_and_failures_are_timed_too() {
    struct Slow;
    impl<S: Sync> FromRequestParts<S> for Slow {
        type Rejection = Infallible;
        async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Infallible> {
            sleep(Duration::from_micros(7_250)).await;
            Ok(Self)
        }
    }
    let app = Router::new()
        .route(
            "/",
            get(page(async |_: Slow| Err(Error::msg("on purpose")))),
        )
        .layer(Inspector::on());
    let answer = ask(&app, "/").await;
    let header = answer.header("server-timing").unwrap();
    let metrics: Vec<_> = header
        .split(", ")
        .map(|metric| metric.split(';').next().unwrap())
        .collect();
    assert_eq!(metrics, ["shell", "extract", "page"]);
    assert!(header.starts_with("shell;dur=8, "), "{header}");
    assert!(
        !answer.body.contains("data-anabranch"),
        "an error page carries no script"
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_cannot_break_out() {
    let page = page(async || {
        let late = boundary(after(10, html! { "late" }));
        Ok(html! { body { (late.name(HOSTILE).loading(html! { "…" })) } })
    });
    let app = Router::new().route("/", get(page)).layer(Inspector::on());
    let body = ask(&app, "/").await.body;
    assert!(
        !body.contains("alert(1)</script>") && !body.contains("<!--\u{2028}"),
        "{body}"
    );
    for block in blocks(&body) {
        assert_eq!(block["boundaries"][0]["name"], HOSTILE);
    }
}

#[tokio::test(start_paused = true)]
async fn only_so_many_boundaries_are_told_of() {
    let page =
        page(async || Ok(html! { @for _ in 0..1200 { (boundary(after(5, html! { "x" }))) } }));
    let app = Router::new().route("/", get(page)).layer(Inspector::on());
    let blocks = blocks(&ask(&app, "/").await.body);
    let told = blocks
        .iter()
        .flat_map(|block| block["boundaries"].as_array().into_iter().flatten());
    let told: BTreeSet<_> = told.map(|boundary| boundary["id"].as_u64()).collect();
    assert_eq!(told.len(), 1000);
    assert!(blocks.iter().all(|block| block["omitted"] == 200));
}

#[tokio::test(start_paused = true)]
async fn what_is_always_ready_needs_no_loading_view() {
    let page = page(async || {
        let ready = || {
            boundary(after(0, html! { "x" }))
                .name("ready")
                .loading(html! { "…" })
        };
        // Shown twice, it is one view.
        Ok(html! { (ready()) (ready()) })
    });
    let app = Router::new().route("/", get(page)).layer(Inspector::on());
    for view in 1..=6 {
        let blocks = blocks(&ask(&app, "/").await.body);
        let hints = &blocks.last().unwrap()["hints"];
        if view < 5 {
            assert_eq!(*hints, Value::Null);
        } else {
            let seen = format!("ready was ready at once in {view} views");
            assert_eq!(hints[0]["seen"], seen);
            assert_eq!(hints.as_array().unwrap().len(), 1);
        }
    }
}

/// A page that sets a policy of its own.
fn with_policy(policy: &'static str) -> Router {
    let handler = async move |parts: ResponseParts| {
        parts.insert_header(CONTENT_SECURITY_POLICY, policy)?;
        Ok(html! { body { "Hi" } })
    };
    Router::new().route("/", get(page(handler)))
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_a_page_allows_the_script() {
    let app = with_policy("default-src 'self'").layer(Inspector::on());
    let answer = ask(&app, "/").await;
    assert_eq!(
        answer.header("content-security-policy").unwrap(),
        format!("default-src 'self'; script-src 'self' {SCRIPT_HASH}")
    );
}

#[tokio::test(start_paused = true)]
async fn a_page_that_runs_no_script_gets_none() {
    for inspector in [Inspector::on(), Inspector::on().headers_only()] {
        let app = with_policy("script-src 'none'").layer(inspector);
        let answer = ask(&app, "/").await;
        assert_eq!(answer.body, "<body>Hi</body>");
        assert_eq!(
            answer.header("content-security-policy"),
            Some("script-src 'none'")
        );
        assert!(answer.header("server-timing").is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn the_policy_of_the_server_allows_the_script() {
    let policy = |inspector, path| async move {
        let app = app(inspector).layer(Layers::new());
        let answer = ask(&app, path).await;
        answer.header("content-security-policy").unwrap().to_owned()
    };
    let plain = policy(Inspector::off(), "/nested").await;
    assert_eq!(plain, Policy::relaxed().to_string());
    let with_script = format!("{TRIGGER_HASH} {SCRIPT_HASH};");
    assert_eq!(
        policy(Inspector::on(), "/nested").await,
        plain.replace(&format!("{TRIGGER_HASH};"), &with_script)
    );
    let text = policy(Inspector::on(), "/text").await;
    assert!(!text.contains(SCRIPT_HASH));
}
