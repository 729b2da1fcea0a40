//! Server CPU per request, the servers taking turns so that what disturbs one disturbs all.

use tokio::task::JoinSet;

use crate::{
    Result,
    client::Connection,
    options::{BY_HAND, Options, WHOLE},
    report,
    server::Server,
    table::{Table, median},
};

/// The workloads that are measured, and for how many of the requests asked for one stands.
const WORKLOADS: [(&str, usize); 6] = [
    ("/w1", 1),
    ("/w2", 1),
    ("/w3", 2),
    ("/w4", 2),
    ("/w5", 20),
    ("/w8", 2),
];

/// Microseconds per request, in each round, of each server, for one workload.
type Samples = Vec<Vec<f64>>;

pub(crate) async fn run(options: &Options) -> Result {
    let servers = Server::start_all(&options.peers).await?;
    let mut results = Vec::new();
    for (path, weight) in workloads(options) {
        let requests = (options.requests / weight).max(options.connections);
        results.push(measure(&servers, path, requests, options).await?);
    }
    report(&absolutes(options, &servers, &results))?;
    for reference in [BY_HAND, WHOLE] {
        if let Some(reference) = servers.iter().position(|server| server.name == reference) {
            report(&ratios(options, &servers, &results, reference))?;
        }
    }
    Ok(())
}

async fn measure(
    servers: &[Server],
    path: &'static str,
    requests: usize,
    options: &Options,
) -> Result<Samples> {
    eprintln!("{path}: {} rounds of {requests} requests", options.rounds);
    let mut samples = vec![Vec::new(); servers.len()];
    for server in servers {
        turn(server, path, requests / 4 + 1, options.connections).await?;
    }
    for round in 0..options.rounds {
        for place in 0..servers.len() {
            // Nobody has the same predecessor in all rounds.
            let place = (place * (round % 2 * 2 + 1) + round) % servers.len();
            let cost = turn(&servers[place], path, requests, options.connections).await?;
            samples[place].push(cost);
        }
    }
    Ok(samples)
}

/// Microseconds of server CPU per request under `connections` keep-alive connections.
async fn turn(
    server: &Server,
    path: &'static str,
    requests: usize,
    connections: usize,
) -> Result<f64> {
    let mut open = Vec::new();
    for _ in 0..connections {
        let mut connection = Connection::open(server.address).await?;
        let length = connection.drain(path).await?;
        open.push((connection, length));
    }
    let each = requests.div_ceil(connections);
    let before = server.cpu()?;
    let mut clients = JoinSet::new();
    for (mut connection, length) in open {
        clients.spawn(async move {
            for _ in 0..each {
                let got = connection
                    .drain(path)
                    .await
                    .map_err(|error| error.to_string())?;
                // Timers that fire apart make two frames of one, and one trigger more.
                if got.abs_diff(length) > length / 10 {
                    return Err(format!("{path}: {got} bytes after {length}"));
                }
            }
            // Closing costs the server too, so that happens after the measurement.
            Ok(connection)
        });
    }
    let finished: std::result::Result<Vec<_>, _> = clients.join_all().await.into_iter().collect();
    let used = server.cpu()? - before;
    drop(finished?);
    Ok(used.as_nanos() as f64 / 1_000.0 / (each * connections) as f64)
}

fn absolutes(options: &Options, servers: &[Server], results: &[Samples]) -> String {
    let mut table = Table::new(names(options));
    for (row, server) in servers.iter().enumerate() {
        let cells = results
            .iter()
            .map(|samples| format!("{:.1}", median(samples[row].clone())));
        table.row(&server.name, cells);
    }
    format!(
        "Server CPU, microseconds per request (medians)\n\n{}",
        table.finish()
    )
}

/// Medians of the ratios within each round.
fn ratios(options: &Options, servers: &[Server], results: &[Samples], reference: usize) -> String {
    let mut table = Table::new(names(options));
    for (row, server) in servers.iter().enumerate() {
        let cells = results.iter().map(|samples| {
            let rounds = samples[row].iter().zip(&samples[reference]);
            format!(
                "{:.2}",
                median(rounds.map(|(own, other)| own / other).collect())
            )
        });
        table.row(&server.name, cells);
    }
    format!(
        "Server CPU against {}\n\n{}",
        servers[reference].name,
        table.finish()
    )
}

/// The workloads asked for.
fn workloads(options: &Options) -> impl Iterator<Item = (&'static str, usize)> {
    let asked =
        |path: &str| options.only.is_empty() || options.only.iter().any(|only| only == path);
    WORKLOADS.into_iter().filter(move |(path, _)| asked(path))
}

fn names(options: &Options) -> impl Iterator<Item = &'static str> {
    workloads(options).map(|(path, _)| &path[1..])
}
