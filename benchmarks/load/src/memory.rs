//! Memory per stream that waits, on w6, and what is left of it when all clients are gone.

use std::{ops::ControlFlow, time::Duration};

use tokio::time::sleep;

use crate::{
    Result,
    client::Connection,
    options::{Options, Peer},
    report,
    server::Server,
    table::Table,
};

/// Requests before the first look at the memory, so that what a server makes once is made.
const WARM_UP: usize = 200;

/// Time for a server to notice that its clients are gone.
const SETTLE: Duration = Duration::from_secs(1);

pub(crate) async fn run(options: &Options) -> Result {
    let streams = options.streams;
    let mut table = Table::new([
        "KiB per parked stream",
        "RSS before",
        "parked",
        "after",
        "cold start",
    ]);
    for peer in &options.peers {
        eprintln!("/w6: {streams} streams on {}", peer.name);
        table.row(&peer.name, park(peer, streams).await?);
    }
    report(&format!(
        "w6, {streams} streams; RSS in KiB\n\n{}",
        table.finish()
    ))
}

async fn park(peer: &Peer, streams: usize) -> Result<Vec<String>> {
    // A process of its own: what an earlier load left with the allocator would hide the cost.
    let server = Server::start(peer).await?;
    let streaming = server.streams().await?;
    let mut other = Connection::open(server.address).await?;
    for _ in 0..WARM_UP {
        other.drain("/w3").await?;
    }
    let before = server.resident()?;
    let mut parked = Vec::new();
    for _ in 0..streams {
        let mut connection = Connection::open(server.address).await?;
        if streaming {
            connection
                .get_until("/w6", |_shell| ControlFlow::Break(()))
                .await?;
        } else {
            connection.send("/w6").await?;
        }
        parked.push(connection);
    }
    // A server without a shell gives no sign; it has seen all requests when it answers this one.
    other.drain("/w2").await?;
    let during = server.resident()?;
    drop(parked);
    sleep(SETTLE).await;
    let after = server.resident()?;
    Ok(vec![
        format!("{:.1}", (during - before) / streams as f64),
        before.to_string(),
        during.to_string(),
        after.to_string(),
        format!("{:.1} ms", server.cold_start.as_secs_f64() * 1_000.0),
    ])
}
