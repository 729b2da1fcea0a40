//! Random graphs: their streams, assembled by an HTML parser (N1) and by Chromium (N2).

use std::net::SocketAddr;

use anabranch_paint::Chromium;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::client::Client;
use crate::graphs::graph::{Ending, Failure, Graph};
use crate::graphs::served::Served;
use crate::graphs::{compare, document, generate, judge};
use crate::local::Local;
use crate::random::Random;
use crate::row::failed;
use crate::{Form, Outcome, Tried, browser, check};

const GOOGLEBOT: &str = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

/// How many pages are open at once: most of them wait for a deadline.
const AT_ONCE: usize = 64;

/// N1: each stream is the whole page, and both are what the model says.
pub(super) async fn assembled(form: Form) -> Outcome {
    let served = Served::default();
    let server = Local::start(served.app()).await?;
    let seeds = seeds("N1", form.pick(1_000, 10_000));
    let count = seeds.len();
    let patches = stream::iter(seeds)
        .map(|seed| stream_is_whole(server.address, &served, seed))
        .buffer_unordered(AT_ONCE)
        .try_fold(0, async |sum, patches| Ok(sum + patches))
        .await?;
    check!(patches > count, "{patches} patches in {count} graphs");
    Ok(format!("{count} graphs, {patches} patches, 0 differences"))
}

/// Returns the number of patches.
async fn stream_is_whole(server: SocketAddr, served: &Served, seed: u64) -> Tried<usize> {
    let graph = generate::graph(seed);
    let pages = async {
        let streamed = ask(server, served, &graph, "battery").await?;
        let whole = ask(server, served, &graph, GOOGLEBOT).await?;
        judge(&graph, &streamed, &whole)?;
        let patches = streamed.windows(10).filter(|bytes| bytes == b"<template ");
        Ok(patches.count())
    };
    pages
        .await
        .map_err(|failure: String| format!("graph {seed:#x}: {failure}\n{graph}"))
}

async fn ask(server: SocketAddr, served: &Served, graph: &Graph, agent: &str) -> Tried<Vec<u8>> {
    let visit = served.add(graph);
    let mut client = Client::open(server).await?;
    let path = &visit.path;
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nuser-agent: {agent}\r\n\r\n");
    client.send(request).await?;
    let (reply, ()) = tokio::join!(client.reply(), visit.play());
    Ok(reply?.expect(200)?.body)
}

/// N2: Chromium shows what the model says, whoever swaps.
pub(super) async fn in_browsers(form: Form) -> Outcome {
    let served = Served::default();
    let server = Local::start(served.app()).await?;
    let count = form.pick(30, 100);
    for swap in browser::SWAPS {
        for seed in seeds("N2", count) {
            let graph = without_redirects(generate::graph(seed));
            let visit = served.add(&graph);
            let url = format!("http://{}{}", server.address, visit.path);
            let playing = tokio::spawn(visit.play());
            let model = document(&graph)?;
            let shown = browser::with(swap, move |chromium| shows(chromium, &url, &model)).await;
            shown.map_err(|failure| format!("graph {seed:#x}, {failure}\n{graph}"))?;
            playing.await.map_err(failed)?;
        }
    }
    Ok(format!("{count} graphs each, 0 errors, nothing left over"))
}

fn shows(chromium: &Chromium, url: &str, model: &str) -> Tried {
    let page = browser::of(chromium.page().open(url))?;
    browser::is_clean(&page)?;
    let found = browser::of(page.normal_form())?;
    compare::documents(("the model", model), ("the browser", &found))
}

/// A browser would follow them.
fn without_redirects(mut graph: Graph) -> Graph {
    let components = graph.components.iter_mut().map(|one| &mut one.ending);
    for ending in components.chain(graph.shared.iter_mut().map(|one| &mut one.ending)) {
        if *ending == Ending::Fails(Failure::Redirect) {
            *ending = Ending::Fails(Failure::NotFound);
        }
    }
    graph
}

fn seeds(row: &str, count: usize) -> Vec<u64> {
    let mut random = Random::of_row(row);
    (0..count).map(|_| random.number()).collect()
}
