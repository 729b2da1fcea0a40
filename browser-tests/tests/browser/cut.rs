//! A response that stops before its end says so, and only that one.

use std::convert::Infallible;

use anabranch::prelude::*;
use anabranch_paint::{Gates, Result as Outcome, Swap};
use axum::body::{Body, Bytes};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use axum::{Extension, Router};
use futures_util::{StreamExt as _, stream};
use serde_json::Value;

use crate::native_and_bridge;
use crate::open::{Open, arrive};
use crate::pages::{external, late_bridge};
use crate::views::{document, late, late_mark, mark};

native_and_bridge! {
    a_response_that_is_cut_between_two_patches_says_so,
    a_response_that_is_cut_in_a_patch_says_so,
    a_response_that_is_cut_in_a_character_says_so,
    a_response_that_is_cut_behind_the_shell_says_so,
    a_response_that_goes_on_takes_its_word_back,
    a_response_of_which_only_the_end_is_late_takes_its_word_back,
    a_response_that_is_only_slow_says_nothing,
    a_late_bridge_waits_for_the_end_of_a_patch,
}

fn app(gates: Gates) -> Router {
    let stops = |behind: &'static [u8]| stopping(gates.clone(), behind);
    Router::new()
        .route("/", get(page(harbour)))
        .route("/in-a-patch", stops(b"<p>One</p><p id=\"second\">"))
        .route(
            "/in-a-character",
            stops(b"<p>One</p><p id=\"second\">M\xc3"),
        )
        .route("/behind-the-shell", stops(b"</script>"))
        .route("/in-the-tail", stops(b"</body>"))
        .route(
            "/external",
            stops(b"<p>One</p><p id=\"second\">").layer(Extension(external())),
        )
        .route("/bridge.js", get(late_bridge))
        // Signs of life so frequent that their absence shows within a second.
        .layer(Extension(
            Settings::new()
                .heartbeat(millis(200))
                .cut_notice("The page was cut."),
        ))
        .with_state(gates)
}

/// Two boundaries, the second with content that can be cut.
async fn harbour(State(gates): State<Gates>) -> Result {
    let gulls = late(&gates, "b", || {
        html! { p { "One" } p #second { "Möwe" } (mark("b")) }
    });
    Ok(document(&html! {
        p elementtiming="shell" { "Shell" }
        (late_mark(&gates, "a"))
        (gulls)
    }))
}

/// The page, with a network that delivers nothing behind these bytes until the gate "on" opens.
fn stopping(gates: Gates, behind: &'static [u8]) -> MethodRouter<Gates> {
    let stop = move |response: Response| {
        let gates = gates.clone();
        async move { response.map(|body| stopped(body, gates, behind)) }
    };
    get(page(harbour)).layer(map_response(stop))
}

fn stopped(body: Body, gates: Gates, behind: &'static [u8]) -> Body {
    let frames = body.into_data_stream().flat_map(move |frame| {
        let frame = frame.expect("a page has no errors");
        let found = frame
            .windows(behind.len())
            .position(|bytes| bytes == behind);
        let rest = found.map(|at| frame.slice(at + behind.len()..));
        let first = frame.slice(..frame.len() - rest.as_ref().map_or(0, Bytes::len));
        let gates = gates.clone();
        let rest = stream::iter(rest).then(move |rest| {
            let gates = gates.clone();
            async move {
                gates.wait("on").await;
                rest
            }
        });
        stream::iter([first]).chain(rest)
    });
    Body::from_stream(frames.map(Ok::<_, Infallible>))
}

fn a_response_that_is_cut_between_two_patches_says_so(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    open.gates.open("a");
    open.page.wait_painted("a")?;
    open.server.cut();
    says_so(&open, "Shell,a,Loading b")
}

/// The browser shows what it has of a patch, while the bridge waits for its end.
fn a_response_that_is_cut_in_a_patch_says_so(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/in-a-patch")?;
    is_cut_when_it_stops(&open)?;
    says_so(
        &open,
        match swap {
            Swap::Native => "Shell,a,One,",
            Swap::Bridge => "Shell,a,Loading b",
        },
    )
}

fn a_response_that_is_cut_in_a_character_says_so(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/in-a-character")?;
    is_cut_when_it_stops(&open)?;
    says_so(
        &open,
        match swap {
            Swap::Native => "Shell,a,One,M",
            Swap::Bridge => "Shell,a,Loading b",
        },
    )
}

fn a_response_that_is_cut_behind_the_shell_says_so(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/behind-the-shell")?;
    open.wait_waiting("on", 1)?;
    open.page.wait_painted("loading b")?;
    open.server.cut();
    says_so(&open, "Shell,Loading a,Loading b")
}

fn a_response_that_goes_on_takes_its_word_back(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/in-a-patch")?;
    open.page.wait_painted("loading b")?;
    for gate in ["a", "b"] {
        open.gates.open(gate);
    }
    open.wait_waiting("on", 1)?;
    open.page.wait_for(NOTICE)?;
    // Half a patch has arrived. What anybody appends now stands between it and its trigger.
    open.page
        .eval("document.body.append(document.createElement('aside'))")?;
    open.gates.open("on");
    open.page.wait_painted("b")?;
    open.finish(&[])?;
    assert_eq!(open.page.eval(NOTICE)?, Value::Null);
    assert_eq!(open.page.left_over()?, [""; 0]);
    assert_eq!(open.page.eval(TEXTS)?, "Shell,a,One,Möwe,b");
    Ok(())
}

/// Between the last trigger and the end of its page the network stalls.
fn a_response_of_which_only_the_end_is_late_takes_its_word_back(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/in-the-tail")?;
    open.page.wait_painted("loading b")?;
    for gate in ["b", "a"] {
        open.gates.open(gate);
    }
    open.wait_waiting("on", 1)?;
    open.page.wait_for(NOTICE)?;
    open.finish(&["on"])?;
    assert_eq!(open.page.eval(NOTICE)?, Value::Null);
    assert_eq!(open.page.left_over()?, [""; 0]);
    Ok(())
}

/// Signs of life for longer than the bridge waits for one.
fn a_response_that_is_only_slow_says_nothing(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/")?;
    open.page.wait_painted("loading b")?;
    open.page
        .eval("self.signs = 0; self.trigger = $a; $a = () => { signs++; trigger(); }; 0")?;
    open.page.wait_for(&format!("signs > 6 && !{NOTICE}"))?;
    open.finish(&["b", "a"])?;
    assert_eq!(open.page.eval(NOTICE)?, Value::Null);
    assert_eq!(open.page.left_over()?, [""; 0]);
    Ok(())
}

/// The bridge runs while half a patch is there, with something behind it that is no trigger.
fn a_late_bridge_waits_for_the_end_of_a_patch(swap: Swap) -> Outcome {
    let open = Open::new(swap, app, "/external")?;
    open.page.wait_painted("loading b")?;
    open.gates.open("a");
    match swap {
        Swap::Native => open.page.wait_painted("a")?,
        Swap::Bridge => open.page.wait_for("document.querySelector('template')")?,
    }
    open.gates.open("b");
    open.wait_waiting("on", 1)?;
    arrive(&open.page, &second())?;
    open.page
        .eval("document.body.append(document.createElement('aside'))")?;
    open.gates.open("bridge");
    open.page.wait_for("self.$a")?;
    // It has caught up with the patch that is whole.
    open.page.wait_painted("a")?;
    if swap == Swap::Bridge {
        assert_eq!(open.page.eval(TEXTS)?, "Shell,a,Loading b");
    }
    open.finish(&["on"])?;
    assert_eq!(open.page.eval(TEXTS)?, "Shell,a,One,Möwe,b");
    assert_eq!(open.page.left_over()?, [""; 0]);
    Ok(())
}

fn is_cut_when_it_stops(open: &Open) -> Outcome {
    open.page.wait_painted("loading b")?;
    open.gates.open("a");
    open.page.wait_painted("a")?;
    open.gates.open("b");
    open.wait_waiting("on", 1)?;
    arrive(&open.page, &second())?;
    open.server.cut();
    Ok(())
}

/// The second paragraph: in its place, or in its patch.
fn second() -> String {
    let second = "document.querySelector('#second')";
    let waits = "document.querySelector('template[for=\"1\"]')?.content.querySelector('#second')";
    format!("{second} || {waits}")
}

/// The notice shows, and what had arrived is still there.
fn says_so(open: &Open, texts: &str) -> Outcome {
    open.page
        .wait_for(&format!("{NOTICE}?.textContent === 'The page was cut.'"))?;
    assert_eq!(open.page.eval(TEXTS)?, texts);
    Ok(())
}

pub(crate) const NOTICE: &str = "document.querySelector('[role=alert]')";

const TEXTS: &str = "[...document.querySelectorAll('p')].map(p => p.innerText).join()";
