//! What is left of streams whose clients went away.

use indicatif::ProgressBar;
use tokio::time::sleep;

use crate::{
    Result,
    client::Connection,
    memory::{SETTLE, open, parking},
    options::Options,
    parity::Unserved,
    progress, report,
    roster::Peer,
    server::Server,
    table::Table,
};

/// Streams at a time in the soak, and how often they are opened and left.
const SOAK_STREAMS: usize = 200;
const SOAK_ROUNDS: usize = 10;

/// Opens streams and leaves them, again and again: memory and open files must not grow with it.
pub(crate) async fn run(options: &Options, unserved: &[Unserved]) -> Result {
    let mut table = Table::new(["files before", "after", "RSS after one round", "after all"]);
    let peers: Vec<_> = parking(options, unserved).collect();
    let progress = progress::bar("soak", peers.len() * SOAK_ROUNDS);
    for peer in peers {
        progress.set_message(peer.name.clone());
        let figures = peer
            .origin
            .excuse(&peer.name, soak(peer, &progress).await)?;
        let figures = figures.unwrap_or([f64::NAN; 4]);
        table.figures(&peer.name, figures.into_iter().zip([0; 4]));
    }
    progress.finish_and_clear();
    report(&format!(
        "Abort soak: {SOAK_ROUNDS} times {SOAK_STREAMS} streams of w6, left after their shell; RSS \
         in KiB\n\n{}",
        table.finish()
    ))
}

/// Open files before and after, memory after the first round and after the last.
async fn soak(peer: &Peer, progress: &ProgressBar) -> Result<[f64; 4]> {
    let server = Server::start(peer).await?;
    let streaming = server.streams().await?;
    let files = server.open_files()?;
    let mut first = None;
    for _ in 0..SOAK_ROUNDS {
        drop(open(&server, SOAK_STREAMS, streaming).await?);
        // Its answer shows that the server has come around to what was closed before.
        Connection::open(server.address).await?.drain("/w2").await?;
        first.get_or_insert(server.resident()?);
        progress.inc(1);
    }
    sleep(SETTLE).await;
    Ok([
        files as f64,
        server.open_files()? as f64,
        first.unwrap_or(f64::NAN),
        server.resident()?,
    ])
}
