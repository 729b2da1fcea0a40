//! L4: twice the boundaries cost twice the time, on the server and in the browser, and each has a
//! small price on the wire.

use std::time::Duration;

use anabranch::prelude::{Markup, Result, boundary, html, page};
use anabranch::{BRIDGE, TRIGGER};
use anabranch_paint::{Chromium, Swap};
use axum::Router;
use axum::extract::Path;
use axum::routing::get;

use crate::child::Child;
use crate::client::Client;
use crate::control::Control;
use crate::limits::Limits;
use crate::page::{document, shows};
use crate::row::failed;
use crate::{Form, Outcome, Tried, check};

const BOUNDARIES: usize = 10_000;

/// What twice as much may cost.
const RATIO: f64 = 2.5;

/// Bytes for each boundary beyond its loading view and content, the triggers aside.
const OVERHEAD: f64 = 60.0;

/// The best of so many counts: the machine may be busy with something else.
const ATTEMPTS: usize = 3;

/// The same of the server, whose responses take some milliseconds. An odd number has a median.
const RESPONSES: usize = 11;

pub(super) fn app(_: Control) -> Router {
    Router::new().route("/{boundaries}", get(page(many)))
}

async fn many(Path(boundaries): Path<usize>) -> Result {
    let item = |number: usize| async move {
        // They complete in a different order than they stand in.
        for _ in 0..=number % 7 {
            tokio::task::yield_now().await;
        }
        Ok(html! { li { "item " (number) } })
    };
    Ok(document(html! {
        ul {
            @for number in 0..boundaries {
                (boundary(item(number)).loading(loading()))
            }
        }
    }))
}

fn loading() -> Markup {
    html! { li { "…" } }
}

fn whole(boundaries: usize) -> Markup {
    document(html! { ul { @for number in 0..boundaries { li { "item " (number) } } } })
}

pub(super) async fn run(form: Form) -> Outcome {
    let child = Child::start("boundaries", &Limits::default())?;
    let (once, twice) = (BOUNDARIES, 2 * BOUNDARIES);
    let reply = Client::ask(child.address, &format!("/{once}")).await?;
    shows(&reply, &whole(once))?;
    let overhead = overhead(&reply.text(), once)?;
    let mut turns = Vec::new();
    for _ in 0..RESPONSES {
        turns.push((serve(&child, once).await?, serve(&child, twice).await?));
    }
    let (single, server) = typical(turns);
    let url = format!("http://{}", child.address);
    // Both swaps do the same above the threshold; without the native one it is the bridge alone.
    let swaps = form
        .pick(&[Swap::Native][..], &[Swap::Native, Swap::Bridge][..])
        .to_vec();
    let browser = tokio::task::spawn_blocking(move || browse(&url, &swaps))
        .await
        .map_err(failed)??;
    check!(
        overhead <= OVERHEAD,
        "{overhead:.1} bytes for each boundary"
    );
    check!(
        server <= RATIO,
        "server: {single:?} for {once}, {server:.2} times that for {twice}"
    );
    Ok(format!(
        "server {:.0} ms of CPU, twice as many take {server:.2} times that; browser {browser}; {overhead:.1} B a boundary",
        single.as_secs_f64() * 1e3
    ))
}

/// The least that once took, and the median of the ratios of the turns: what disturbs a whole turn
/// is in both of its times, and what disturbs a few has no part in the median.
fn typical(turns: Vec<(Duration, Duration)>) -> (Duration, f64) {
    let least = turns.iter().map(|(single, _)| *single).min();
    let ratio =
        |(single, double): (Duration, Duration)| double.as_secs_f64() / single.as_secs_f64();
    let mut ratios: Vec<_> = turns.into_iter().map(ratio).collect();
    ratios.sort_by(f64::total_cmp);
    (least.unwrap_or_default(), ratios[ratios.len() / 2])
}

/// CPU time of one response, and of giving back what it held: the server closes the connection
/// behind that.
async fn serve(child: &Child, boundaries: usize) -> Tried<Duration> {
    let before = child.cpu()?;
    let mut client = Client::open(child.address).await?;
    let request = format!("GET /{boundaries} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    client.send(request).await?;
    client.reply().await?.expect(200)?;
    client.closed().await?;
    Ok(child.cpu()?.saturating_sub(before))
}

/// Bytes for each boundary beyond its loading view and content.
fn overhead(body: &str, boundaries: usize) -> Tried<f64> {
    let (_, bridge) = body.split_once("<script data-w=").ok_or("no bridge")?;
    let (bridge, _) = bridge.split_once("</script>").ok_or("an open bridge")?;
    check!(
        bridge.len() > BRIDGE.len(),
        "the first script is not the bridge"
    );
    let bridge = "<script data-w=".len() + bridge.len() + "</script>".len();
    let triggers = body.matches(TRIGGER).count() * format!("<script>{TRIGGER}</script>").len();
    let views = boundaries * loading().0.len();
    let rest = whole(boundaries).0.len() + views + triggers + bridge + "<!--$a-->".len();
    Ok((body.len() as f64 - rest as f64) / boundaries as f64)
}

/// The ratio of the times until the page is loaded. One that is too high is looked at again: the
/// machine may be busy.
fn browse(url: &str, swaps: &[Swap]) -> Outcome {
    let mut figures = Vec::new();
    for swap in swaps {
        let (mut single, mut double) = (f64::MAX, f64::MAX);
        for _ in 0..ATTEMPTS {
            single = single.min(load(url, *swap, BOUNDARIES)?);
            double = double.min(load(url, *swap, 2 * BOUNDARIES)?);
            if double <= single * RATIO {
                break;
            }
        }
        let ratio = double / single;
        check!(
            ratio <= RATIO,
            "browser, {swap:?}: {single:.0} ms, then {double:.0} ms"
        );
        figures.push(format!("{single:.0} ms, then {ratio:.2} times that"));
    }
    Ok(figures.join(" (native), ") + if swaps.len() > 1 { " (bridge)" } else { "" })
}

/// Milliseconds until the page is loaded, and complete.
fn load(url: &str, swap: Swap, boundaries: usize) -> Tried<f64> {
    let chromium = Chromium::shared(swap).map_err(failed)?;
    let page = chromium.page().open(&format!("{url}/{boundaries}"));
    let page = page.map_err(failed)?;
    page.wait_loaded().map_err(failed)?;
    let eval = |expression| page.eval(expression).map_err(failed);
    let items = eval("document.querySelectorAll('li').length")?;
    check!(items == boundaries, "{items} items of {boundaries}");
    let loading = eval("document.querySelector('ul').textContent.includes('…')")?;
    check!(loading == false, "a loading view is left");
    let took = eval("performance.getEntriesByType('navigation')[0].loadEventStart")?;
    took.as_f64().ok_or_else(|| format!("no time: {took}"))
}
