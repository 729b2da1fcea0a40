//! Cold start, size and memory of each server, whatever it serves.

use crate::{
    Result,
    chart::Panel,
    client::Connection,
    options::Options,
    progress, report,
    roster::Peer,
    server::Server,
    table::{Table, median},
};

/// Measures and reports; returns the milliseconds of the cold start.
pub(crate) async fn run(options: &Options) -> Result<Panel> {
    let mut table = Table::new([
        "version",
        "cold start, ms",
        "idle RSS, KiB",
        "busy RSS, KiB",
        "deployed, KiB",
        "packages",
    ]);
    let mut bars = Vec::new();
    let progress = progress::bar("footprint", options.roster.peers.len());
    for peer in &options.roster.peers {
        progress.set_message(peer.name.clone());
        let figures = peer
            .origin
            .excuse(&peer.name, measure(peer, options).await)?;
        let [start, idle, busy] = figures.unwrap_or([f64::NAN; 3]);
        bars.push((peer.name.clone(), start));
        let build = peer.build.as_ref();
        let text = |value: Option<String>| value.unwrap_or("–".into());
        table.row(
            &peer.name,
            [
                text(build.map(|build| build.version.clone())),
                format!("{start:.1}"),
                format!("{idle:.0}"),
                format!("{busy:.0}"),
                text(build.map(|build| build.kibibytes.to_string())),
                text(build.map(|build| build.packages.to_string())),
            ],
        );
        progress.inc(1);
    }
    progress.finish_and_clear();
    report(&format!(
        "Footprint: from the start of the process to the first response; memory before any load, \
         and under w1 on {} connections; what is deployed, Node itself aside\n\n{}",
        options.connections,
        table.finish()
    ))?;
    Ok(Panel {
        title: "cold start, ms".into(),
        bars,
    })
}

/// Milliseconds of the cold start, resident memory when idle and when busy.
async fn measure(peer: &Peer, options: &Options) -> Result<[f64; 3]> {
    let mut starts = Vec::new();
    for _ in 1..options.rounds {
        starts.push(Server::start(peer).await?.cold_start);
    }
    let server = Server::start(peer).await?;
    starts.push(server.cold_start);
    let start = median(starts.iter().map(|it| it.as_secs_f64() * 1e3).collect());
    let idle = server.resident()?;
    Ok([start, idle, busy(&server, options).await?])
}

/// Resident memory while all connections are open and have been served.
async fn busy(server: &Server, options: &Options) -> Result<f64> {
    let mut open = Vec::new();
    for _ in 0..options.connections {
        open.push(Connection::open(server.address).await?);
    }
    for request in 0..options.requests / 2 {
        open[request % options.connections].drain("/w1").await?;
    }
    server.resident()
}
