//! Server CPU per request, the servers taking turns so that what disturbs one disturbs all.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::{
    Result,
    chart::Panel,
    client::Connection,
    options::Options,
    parity::Unserved,
    progress, report,
    roster::{BY_HAND, Origin, WHOLE},
    server::Server,
    table::{Table, median},
};

/// The workloads that are measured.
const WORKLOADS: [Workload; 6] = [
    Workload::ready("/w1", 1),
    Workload::ready("/w2", 1),
    Workload::ready("/w3", 2),
    Workload::ready("/w4", 2),
    Workload::ready("/w5", 20),
    // Its requests wait for timers. On as many connections as for the others the core is idle for
    // most of the time, and what a request costs is the way out of idleness.
    Workload {
        path: "/w8",
        weight: 1,
        connections: 8,
    },
];

struct Workload {
    path: &'static str,
    /// For how many of the requests asked for one stands.
    weight: usize,
    /// How many connections there are for one that was asked for.
    connections: usize,
}

/// What a turn asks for.
#[derive(Clone, Copy)]
struct Load {
    path: &'static str,
    requests: usize,
    connections: usize,
}

impl Workload {
    /// One that keeps the core busy by itself.
    const fn ready(path: &'static str, weight: usize) -> Self {
        Self {
            path,
            weight,
            connections: 1,
        }
    }

    fn load(&self, options: &Options) -> Load {
        let load = Load {
            path: self.path,
            requests: 0,
            connections: options.connections * self.connections,
        };
        load.of(options.requests / self.weight)
    }
}

impl Load {
    /// The same with so many requests; at least one on each connection.
    fn of(self, requests: usize) -> Self {
        let requests = requests.max(self.connections);
        Self { requests, ..self }
    }
}

/// A turn of a peer is cut to about this, so that one that takes a hundred times as long does not
/// decide how long the comparison takes.
const TURN_LIMIT: Duration = Duration::from_millis(400);

/// How much of a turn a peer gets to warm up. Node compiles what it has run often enough.
const WARM_UP: usize = 2;

/// Microseconds per request, in each round, of each server, for one workload.
type Samples = Vec<Vec<f64>>;

/// Measures and reports; returns the medians of each workload. What is in `unserved` is left out.
pub(crate) async fn run(options: &Options, unserved: &[Unserved]) -> Result<Vec<Panel>> {
    let mut servers = Server::start_all(&options.roster.peers).await?;
    let mut results = Vec::new();
    for workload in workloads(options) {
        let load = workload.load(options);
        let serves = |server: &Server| {
            let mut failed = unserved.iter();
            !failed.any(|unserved| unserved.peer == server.name && unserved.path == load.path)
        };
        results.push(measure(&mut servers, load, options.rounds, serves).await?);
    }
    report(&absolutes(options, &servers, &results))?;
    for reference in [BY_HAND, WHOLE] {
        if let Some(reference) = servers.iter().position(|server| server.name == reference) {
            report(&ratios(options, &servers, &results, reference))?;
        }
    }
    let panels = names(options).zip(&results).map(|(name, samples)| Panel {
        title: format!("{name}: µs of CPU a request"),
        bars: servers
            .iter()
            .zip(samples)
            .map(|(server, samples)| (server.name.clone(), median(samples.clone())))
            .collect(),
    });
    Ok(panels.collect())
}

async fn measure(
    servers: &mut [Server],
    load: Load,
    rounds: usize,
    serves: impl Fn(&Server) -> bool,
) -> Result<Samples> {
    let progress = progress::bar(load.path, (rounds + 1) * servers.len());
    let mut samples = vec![Vec::new(); servers.len()];
    // What a turn of each server asks for; nothing of one that does not serve it.
    let mut turns = Vec::new();
    for server in servers.iter() {
        progress.inc(1);
        turns.push(if serves(server) {
            let fit = fit(server, load).await;
            server.origin.excuse(&server.name, fit)?
        } else {
            None
        });
    }
    for _ in 0..rounds {
        for place in shuffled(servers.len()) {
            let server = &mut servers[place];
            progress.set_message(server.name.clone());
            progress.inc(1);
            if let Some(load) = turns[place] {
                let cost = round(server, load).await;
                let cost = server.origin.excuse(&server.name, cost)?;
                // The ratios pair the figures of a round.
                samples[place].push(cost.unwrap_or(f64::NAN));
            }
        }
    }
    progress.finish_and_clear();
    Ok(samples)
}

/// The places of a round in an order of its own: what a server costs must not tell who came before.
fn shuffled(places: usize) -> Vec<usize> {
    let state = RandomState::new();
    let mut order: Vec<_> = (0..places).collect();
    order.sort_by_cached_key(|place| state.hash_one(place));
    order
}

/// What of `load` fits in a turn of the server, which of a peer is then warm.
async fn fit(server: &Server, load: Load) -> Result<Load> {
    if server.origin == Origin::Own {
        return Ok(load);
    }
    let started = Instant::now();
    let short = load.of(0);
    turn(server, short).await?;
    // A turn asks twice: once to open its connections, once to measure.
    let each = started.elapsed().as_secs_f64() / (2 * short.requests) as f64;
    let fit = (TURN_LIMIT.as_secs_f64() / each) as usize;
    let load = load.of(fit.min(load.requests));
    turn(server, load.of(WARM_UP * load.requests)).await?;
    Ok(load)
}

/// The cost of a turn, of a server of this workspace in a new process: where the system puts a
/// program and its memory moves what a page costs by up to a tenth, for as long as the process
/// runs. A peer keeps its process, and so what its compiler has learnt.
async fn round(server: &mut Server, load: Load) -> Result<f64> {
    if server.origin == Origin::Own {
        server.restart().await?;
        turn(server, load.of(load.requests / 4)).await?;
    }
    turn(server, load).await
}

/// Microseconds of server CPU per request, each of the connections with one under way.
async fn turn(server: &Server, load: Load) -> Result<f64> {
    let Load {
        path, connections, ..
    } = load;
    let address = server.address;
    let mut opening = JoinSet::new();
    for _ in 0..connections {
        opening.spawn(async move {
            let opened = async {
                let mut connection = Connection::open(address).await?;
                let length = connection.drain(path).await?;
                Result::Ok((connection, length))
            };
            opened.await.map_err(|error| error.to_string())
        });
    }
    let open: std::result::Result<Vec<_>, _> = opening.join_all().await.into_iter().collect();
    let each = load.requests.div_ceil(connections);
    let before = server.cpu()?;
    let mut clients = JoinSet::new();
    for (mut connection, length) in open? {
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
            .map(|samples| (median(samples[row].clone()), 1));
        table.figures(&server.name, cells);
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
            (median(rounds.map(|(own, other)| own / other).collect()), 2)
        });
        table.figures(&server.name, cells);
    }
    format!(
        "Server CPU against {}\n\n{}",
        servers[reference].name,
        table.finish()
    )
}

/// The workloads asked for.
fn workloads(options: &Options) -> impl Iterator<Item = &'static Workload> {
    let asked =
        |path: &str| options.only.is_empty() || options.only.iter().any(|only| only == path);
    WORKLOADS
        .iter()
        .filter(move |workload| asked(workload.path))
}

fn names(options: &Options) -> impl Iterator<Item = &'static str> {
    workloads(options).map(|workload| &workload.path[1..])
}

#[cfg(test)]
mod tests {
    use super::shuffled;

    #[test]
    fn every_server_has_one_turn_in_a_round_whatever_their_number() {
        for servers in 0..20 {
            let mut order = shuffled(servers);
            order.sort_unstable();
            assert!(order.into_iter().eq(0..servers));
        }
    }
}
