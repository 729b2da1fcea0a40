//! Memory per stream that waits, on w6, and what is left of it when all clients are gone.

use std::{ops::ControlFlow, time::Duration};

use memchr::memmem;
use tokio::time::sleep;

use crate::{
    Result, chart::Panel, client::Connection, options::Options, parity::Unserved, progress, report,
    roster::Peer, server::Server, table::Table, workload::PARKED,
};

/// Requests before the first look at the memory, so that what a server makes once is made.
const WARM_UP: usize = 200;

/// Time for a server to notice that its clients are gone.
pub(crate) const SETTLE: Duration = Duration::from_secs(1);

/// Parks streams on each server that serves w6; returns KiB per stream.
pub(crate) async fn run(options: &Options, unserved: &[Unserved]) -> Result<Panel> {
    let streams = options.streams;
    let mut table = Table::new(["KiB per parked stream", "RSS before", "parked", "after"]);
    let mut bars = Vec::new();
    let peers: Vec<_> = parking(options, unserved).collect();
    let progress = progress::bar("/w6", peers.len());
    for peer in peers {
        progress.set_message(peer.name.clone());
        let figures = peer.origin.excuse(&peer.name, park(peer, streams).await)?;
        let figures = figures.unwrap_or([f64::NAN; 4]);
        bars.push((peer.name.clone(), figures[0]));
        table.figures(&peer.name, figures.into_iter().zip([1, 0, 0, 0]));
        progress.inc(1);
    }
    progress.finish_and_clear();
    report(&format!(
        "w6, {streams} streams; RSS in KiB\n\n{}",
        table.finish()
    ))?;
    Ok(Panel {
        title: "w6: KiB of memory a parked stream".into(),
        bars,
    })
}

async fn park(peer: &Peer, streams: usize) -> Result<[f64; 4]> {
    // A process of its own: what an earlier load left with the allocator would hide the cost.
    let server = Server::start(peer).await?;
    let streaming = server.streams().await?;
    let mut other = Connection::open(server.address).await?;
    for _ in 0..WARM_UP {
        other.drain("/w1").await?;
    }
    let before = server.resident()?;
    let parked = open(&server, streams, streaming).await?;
    // A server without a shell gives no sign; it has seen all requests when it answers this one.
    other.drain("/w2").await?;
    let during = server.resident()?;
    drop(parked);
    sleep(SETTLE).await;
    let after = server.resident()?;
    Ok([(during - before) / streams as f64, before, during, after])
}

/// Opens `streams` streams, each up to its last loading view.
pub(crate) async fn open(
    server: &Server,
    streams: usize,
    streaming: bool,
) -> Result<Vec<Connection>> {
    let mut parked = Vec::new();
    for _ in 0..streams {
        let mut connection = Connection::open(server.address).await?;
        if streaming {
            let mut loading = 0;
            connection
                .get_until(PARKED, |shell| {
                    loading += memmem::find_iter(shell.data, "Loading ").count();
                    // The last loading view: what a peer sends in pieces has arrived.
                    if loading >= 10 {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                })
                .await?;
        } else {
            connection.send(PARKED).await?;
        }
        parked.push(connection);
    }
    Ok(parked)
}

/// The servers that serve w6.
pub(crate) fn parking<'a>(
    options: &'a Options,
    unserved: &'a [Unserved],
) -> impl Iterator<Item = &'a Peer> {
    options.roster.peers.iter().filter(|peer| {
        let mut failed = unserved.iter();
        !failed.any(|unserved| unserved.peer == peer.name && unserved.path == PARKED)
    })
}
