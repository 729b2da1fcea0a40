//! S12: content security policies, from the default one to none but one's own origin.

use std::hash::{BuildHasher as _, RandomState};

use anabranch::csp::{Nonce, Policy};
use anabranch::prelude::*;
use anabranch::{ScriptMode, bridge};
use anabranch_paint::{Chromium, Gates, Swap};
use axum::extract::{Path, Request};
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::middleware::{Next, from_fn, map_response};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};

use crate::client::Client;
use crate::local::Local;
use crate::page::{assembled, gated};
use crate::row::failed;
use crate::{Form, Outcome, Tried, browser, check};

/// The policies, each with where it comes from.
const POLICIES: [&str; 5] = ["default", "hash", "nonce", "external", "none"];

/// More than the threshold of [`settings`]: then only the bridge swaps, where there is one.
const MANY: usize = 12;

pub(super) async fn run(_: Form) -> Outcome {
    let gates = Gates::new();
    let server = Local::start(app(&gates)).await?;
    for policy in POLICIES {
        let header = header(&server, &gates, policy).await?;
        is_strict(policy, &header)?;
        for swap in browser::SWAPS {
            for count in [3, MANY] {
                let visit = format!("{policy}-{count}-{swap:?}");
                let url = format!("http://{}/{policy}/{count}/{visit}", server.address);
                let gates = gates.clone();
                let shown = browser::with(swap, move |chromium| {
                    swaps_without_violation(chromium, swap, policy, &url, &gates, &visit)
                });
                shown
                    .await
                    .map_err(|failure| format!("{policy} with {count} boundaries, {failure}"))?;
            }
        }
    }
    Ok(format!("{} policies, 0 violations", POLICIES.len()))
}

fn app(gates: &Gates) -> Router {
    let scripts = |mode| Extension(settings().script(mode));
    let external = ScriptMode::External("/bridge.js".into());
    let own_origin = Policy::strict().allow("script-src", "'self'");
    let pages = || Router::new().route("/{count}/{visit}", get(page(boundaries)));
    Router::new()
        .nest("/default", pages().layer(scripts(ScriptMode::Inline)))
        .nest(
            "/hash",
            with(pages().layer(scripts(ScriptMode::Inline)), Policy::strict()),
        )
        .nest(
            "/nonce",
            pages()
                .layer(scripts(ScriptMode::Inline))
                .layer(from_fn(with_nonce)),
        )
        .nest(
            "/external",
            with(pages().layer(scripts(external)), own_origin),
        )
        .nest(
            "/none",
            with(
                pages().layer(scripts(ScriptMode::None)),
                Policy::no_script(),
            ),
        )
        .route("/bridge.js", get(bridge))
        .with_state(gates.clone())
}

fn settings() -> Settings {
    Settings::new().bridge_threshold(MANY / 2)
}

/// Boundaries side by side and in each other, and a late head.
async fn boundaries(
    State(gates): State<Gates>,
    Path((count, visit)): Path<(usize, String)>,
) -> Result {
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; (Head::title("Early")) }
            body {
                ul {
                    @for number in 1..count {
                        @let item = html! { li { "Item " (number) } };
                        (boundary(gated(gates.clone(), visit.clone(), item)).loading(html! { li { "…" } }))
                    }
                }
                (boundary(outer(gates, visit)).loading(html! { p { "…" } }))
            }
        }
    })
}

async fn outer(gates: Gates, visit: String) -> Result {
    gates.wait(&visit).await;
    let inner = gated(gates, format!("{visit}-inner"), html! { b { "inner" } });
    Ok(html! {
        (Head::title("Late"))
        p { "Outer " (boundary(inner).loading(html! { i { "…" } })) }
    })
}

fn with(pages: Router<Gates>, policy: Policy) -> Router<Gates> {
    pages.layer(map_response(move |mut response: Response| {
        set_policy(&mut response, &policy);
        async { response }
    }))
}

async fn with_nonce(mut request: Request, next: Next) -> Response {
    let random = RandomState::new().hash_one(0);
    let nonce = Nonce::new(format!("{random:016x}")).expect("hexadecimal digits are a nonce");
    request.extensions_mut().insert(nonce.clone());
    let mut response = next.run(request).await;
    set_policy(&mut response, &Policy::with_nonce(&nonce));
    response
}

fn set_policy(response: &mut Response, policy: &Policy) {
    let policy = policy.to_string().parse();
    let policy = policy.expect("a policy is legal in a header");
    response
        .headers_mut()
        .insert(CONTENT_SECURITY_POLICY, policy);
}

async fn header(server: &Local, gates: &Gates, policy: &str) -> Tried<String> {
    let mut client = Client::open(server.address).await?;
    client.get(&format!("/{policy}/3/{policy}")).await?;
    let head = client.head().await?;
    gates.open(policy);
    gates.open(&format!("{policy}-inner"));
    assembled(&client.reply().await?.expect(200)?.body)?;
    let policies: Vec<_> = head.all("content-security-policy").collect();
    check!(policies.len() == 1, "{policy}: {policies:?}");
    policies
        .first()
        .map(|it| (*it).to_owned())
        .ok_or_else(|| failed("no policy"))
}

/// Inline scripts are allowed by hash or nonce only.
fn is_strict(policy: &str, header: &str) -> Tried {
    let directives = header.split(';').map(str::trim);
    let scripts: Vec<_> = directives
        .filter(|one| one.starts_with("script-src "))
        .collect();
    check!(scripts.len() == 1, "{policy}: {header}");
    for unsafe_source in ["'unsafe-", "*", "https:", "http:", "data:"] {
        check!(!scripts[0].contains(unsafe_source), "{policy}: {header}");
    }
    Ok(())
}

fn swaps_without_violation(
    chromium: &Chromium,
    swap: Swap,
    policy: &str,
    url: &str,
    gates: &Gates,
    visit: &str,
) -> Tried {
    let page = browser::of(chromium.page().open(url))?;
    let pending = "document.querySelectorAll('li, p, i').length > 0";
    browser::of(page.wait_for(pending))?;
    gates.open(visit);
    let can_swap = swap == Swap::Native || policy != "none";
    if can_swap {
        browser::of(page.wait_for("document.querySelector('body > p > i')"))?;
    }
    gates.open(&format!("{visit}-inner"));
    browser::of(page.wait_loaded())?;
    for (what, found) in [("violations", page.violations()), ("errors", page.errors())] {
        let found = browser::of(found)?;
        check!(found.is_empty(), "{what}: {found:?}");
    }
    if can_swap {
        let text = browser::of(page.eval("document.title + document.body.innerText"))?;
        let text = text.as_str().unwrap_or_default();
        check!(!text.contains('…'), "a loading view has stayed: {text}");
        check!(
            text.starts_with("Late") && text.contains("Outer inner"),
            "{text}"
        );
    }
    Ok(())
}
