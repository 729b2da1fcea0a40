//! Mutations: what makes streaming work is taken away, and the kit says what is missing.

mod layers;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anabranch::prelude::*;
use anabranch_paint::{Site, Swap};
use axum::Router;
use axum::routing::get;

async fn nested() -> Result {
    let inner = async { Ok(html! { p { "Inner" } }) };
    let outer = async {
        Ok(html! {
            p { "Outer" }
            (boundary(inner).name("inner").loading(html! { p { "Loading inner" } }))
        })
    };
    let other = async { Ok(html! { p { "Other" } }) };
    Ok(html! {
        (DOCTYPE)
        html lang="en" {
            head { meta charset="utf-8"; title { "Nested" } }
            body {
                h1 { "Nested" }
                (boundary(outer).name("outer").loading(html! { p { "Loading outer" } }))
                (boundary(other).name("other").loading(html! { p { "Loading other" } }))
            }
        }
    })
}

fn app() -> Router {
    Router::new().route("/", get(page(nested)))
}

/// What a suite would say of this app. "other" is held to the end.
fn streams(site: &Site, swap: Swap) -> anabranch_paint::Result {
    let page = site.open_with(swap, "/")?;
    page.shows_loading("outer");
    site.release("outer");
    // Inner's placeholder has left with outer's content, so that its own content is a patch.
    site.stage().wait_until(Duration::from_secs(20), |visits| {
        let inner = visits.iter().find_map(|visit| visit.boundary("inner"));
        inner.is_some_and(|inner| inner.wire.is_some())
    });
    page.release("inner");
    page.painted("inner").after("loading outer").while_open();
    site.release_all();
    page.final_dom_equals_whole_mode();
    Ok(())
}

/// The message with which the suite fails on a mutated app.
fn failure(app: Router, swap: Swap) -> anabranch_paint::Result<String> {
    let site = Site::start(app)?.patience(Duration::from_secs(8));
    let panic = match catch_unwind(AssertUnwindSafe(|| streams(&site, swap))) {
        Ok(passed) => panic!("the mutation is not caught: {passed:?}"),
        Err(panic) => panic,
    };
    let message = panic.downcast::<String>();
    Ok(*message.unwrap_or_else(|_| panic!("the message is no text")))
}

#[track_caller]
fn says(message: &str, phrases: &[&str]) {
    for phrase in phrases {
        assert!(message.contains(phrase), "no {phrase:?} in: {message}");
    }
}

#[test]
fn unchanged_it_passes() -> anabranch_paint::Result {
    for swap in [Swap::Native, Swap::Bridge] {
        streams(&Site::start(app())?, swap)?;
    }
    Ok(())
}

#[test]
fn a_layer_that_buffers_is_caught() -> anabranch_paint::Result {
    let message = failure(layers::buffering(app()), Swap::Native)?;
    says(
        &message,
        &[
            "the shell is blocked",
            "The app has written its shell, but it has not left",
            "a layer around the app that buffers bodies",
        ],
    );
    Ok(())
}

#[test]
fn a_page_without_its_bridge_is_caught_where_the_bridge_swaps() -> anabranch_paint::Result {
    let message = failure(layers::without_bridge(app()), Swap::Bridge)?;
    says(
        &message,
        &[
            "`inner` is complete but not painted",
            "the bridge did not run",
            "script is missing",
        ],
    );
    // A browser with the native swap does without.
    let site = Site::start(layers::without_bridge(app()))?;
    site.open("/")?.release("outer");
    Ok(())
}

#[test]
fn a_broken_bridge_is_caught_with_its_error() -> anabranch_paint::Result {
    let message = failure(layers::with_broken_bridge(app()), Swap::Bridge)?;
    says(
        &message,
        &[
            "`inner` is complete but not painted",
            "the bridge did not run",
            "SyntaxError",
        ],
    );
    Ok(())
}

#[test]
fn a_patch_that_precedes_its_parent_is_caught() -> anabranch_paint::Result {
    for swap in [Swap::Native, Swap::Bridge] {
        let message = failure(layers::child_first(app()), swap)?;
        says(
            &message,
            &[
                "`inner` is",
                "its patch has left before the placeholder that it replaces, which is in `outer`",
                "A parent must be sent before its children",
            ],
        );
    }
    Ok(())
}
