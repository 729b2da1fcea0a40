//! How soon the shell arrives, how soon what resolved, and how soon the last byte, on w7. The page
//! carries the times at which its boundaries resolved, on a clock that both processes share.

mod arrivals;

use std::time::Duration;

use tokio::task::JoinSet;

use crate::{
    Result,
    client::Connection,
    latency::arrivals::{Arrivals, Times},
    options::Options,
    parity::Unserved,
    progress, report,
    server::Server,
    table::{Table, quantile},
};

/// How many streams are open at a time, and how many rounds that takes at most: a round of many
/// streams has samples enough.
const STREAMS: [(usize, usize); 3] = [(1, usize::MAX), (50, 10), (500, 3)];

/// Requests of one stream in a round; a single one says too little.
const REQUESTS: usize = 2;

const PATH: &str = "/w7";

const SHARES: [f64; 3] = [0.5, 0.9, 0.99];

pub(crate) async fn run(options: &Options, unserved: &[Unserved]) -> Result {
    let failed = |server: &Server| {
        let mut failed = unserved.iter();
        failed.any(|unserved| unserved.peer == server.name && unserved.path == PATH)
    };
    let mut streaming = Vec::new();
    let mut compressing = Vec::new();
    for server in Server::start_all(&options.roster.peers).await? {
        if failed(&server) || !server.streams().await? {
            continue;
        }
        let mut connection = Connection::open(server.address).await?.compressed();
        if connection.drain("/w1").await.is_ok() {
            compressing.push(server.name.clone());
        }
        streaming.push(server);
    }
    for (streams, most) in STREAMS {
        let rounds = options.rounds.min(most);
        let title = match streams {
            1 => "w7, one stream".into(),
            _ => format!("w7, {streams} streams at a time"),
        };
        compare(&streaming, streams, false, &title, rounds).await?;
    }
    streaming.retain(|server| compressing.contains(&server.name));
    if streaming.is_empty() {
        return Ok(());
    }
    compare(
        &streaming,
        1,
        true,
        "w7, one stream in gzip",
        options.rounds,
    )
    .await
}

async fn compare(
    servers: &[Server],
    streams: usize,
    gzip: bool,
    title: &str,
    rounds: usize,
) -> Result {
    let mut measured: Vec<_> = servers.iter().map(|_| Times::default()).collect();
    let progress = progress::bar(title, servers.len() * rounds);
    for _ in 0..rounds {
        for (server, times) in servers.iter().zip(&mut measured) {
            progress.set_message(server.name.clone());
            let outcome = round(server, streams, gzip, times).await;
            server.origin.excuse(&server.name, outcome)?;
            progress.inc(1);
        }
    }
    progress.finish_and_clear();
    let columns = ["shell", "arrival", "last byte"]
        .into_iter()
        .flat_map(|what| SHARES.map(|share| format!("{what} p{}", (share * 100.0) as u32)))
        .collect::<Vec<_>>();
    let mut table = Table::new(columns.iter().map(String::as_str));
    for (server, times) in servers.iter().zip(&mut measured) {
        let figures = [&mut times.shell, &mut times.arrival, &mut times.last_byte]
            .into_iter()
            .flat_map(|values| SHARES.map(|share| (quantile(values, share), 0)));
        table.figures(&server.name, figures);
    }
    report(&format!(
        "{title}: microseconds from request to the last loading view, from resolve to arrival, \
         and from request to the last byte\n\n{}",
        table.finish()
    ))
}

/// All streams at once, each on a connection of its own.
async fn round(server: &Server, streams: usize, gzip: bool, times: &mut Times) -> Result {
    let mut open = Vec::new();
    for _ in 0..streams {
        let connection = Connection::open(server.address).await?;
        open.push(if gzip {
            connection.compressed()
        } else {
            connection
        });
    }
    let mut clients = JoinSet::new();
    for mut connection in open {
        clients.spawn(async move {
            let mut times = Times::default();
            for _ in 0..REQUESTS {
                request(&mut connection, gzip, &mut times)
                    .await
                    .map_err(|error| error.to_string())?;
            }
            Ok::<_, String>((times, connection))
        });
    }
    for finished in clients.join_all().await {
        let (of_stream, _) = finished?;
        times.extend(of_stream);
    }
    Ok(())
}

async fn request(connection: &mut Connection, gzip: bool, times: &mut Times) -> Result {
    let mut arrivals = Arrivals::start(gzip);
    let limit = Duration::from_secs(60);
    tokio::time::timeout(
        limit,
        connection.get(PATH, |chunk| arrivals.chunk(chunk.data, chunk.arrived)),
    )
    .await??;
    times.extend(arrivals.finish()?);
    Ok(())
}
