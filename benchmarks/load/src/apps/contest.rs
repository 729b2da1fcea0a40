//! What is measured of an app: requests a second and latencies of each page, the servers taking
//! turns, and its cold start, memory and size.

use std::time::Duration;

use super::{
    App, Page,
    load::{Load, Turn},
    parity,
};
use crate::{
    Result,
    chart::Panel,
    options::Options,
    progress, report,
    roster::Peer,
    server::Server,
    table::{Table, median, quantile},
};

/// How long a turn is.
const TURN: Duration = Duration::from_secs(1);

/// How long each server is warmed up. Node compiles what it has run often enough.
const WARM_UP: Duration = Duration::from_secs(3);

/// A server of the app, and what is known of it.
struct Contestant<'a> {
    peer: &'a Peer,
    server: Server,
    /// Milliseconds of each start.
    starts: Vec<f64>,
    /// Resident memory in KiB, before any load and at most under it.
    idle: f64,
    busy: f64,
}

/// What the turns of a server came to.
#[derive(Default)]
struct Turns {
    rates: Vec<f64>,
    cpu: Vec<f64>,
    firsts: Vec<f64>,
    latencies: Vec<f64>,
}

/// Measures and reports; returns the CPU time of each page, for the chart.
pub(super) async fn run(app: &App, peers: &[Peer], options: &Options) -> Result<Vec<Panel>> {
    let mut contestants = start(app, peers, options).await?;
    let mut panels = Vec::new();
    for page in &app.pages {
        panels.push(compare(app, page, &mut contestants, options).await?);
    }
    report(&footprint(app, &contestants))?;
    Ok(panels)
}

/// Starts each server as often as there are rounds, and leaves the last of each running. A peer
/// that does not start is left out.
async fn start<'a>(app: &App, peers: &'a [Peer], options: &Options) -> Result<Vec<Contestant<'a>>> {
    let progress = progress::bar(format!("{} starts", app.name), options.rounds);
    let mut contestants = Vec::new();
    for peer in peers {
        let server = Server::launch(peer, &app.launch).await;
        if let Some(server) = peer.origin.excuse(&peer.name, server)? {
            contestants.push(Contestant::new(peer, server)?);
        }
    }
    progress.inc(1);
    for _ in 1..options.rounds {
        for contestant in &mut contestants {
            contestant.restart(app).await?;
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    Ok(contestants)
}

/// Measures one page of all servers that serve it as ours does, and reports.
async fn compare(
    app: &App,
    page: &Page,
    contestants: &mut [Contestant<'_>],
    options: &Options,
) -> Result<Panel> {
    let connections = options.connections.min(page.connections);
    let rounds = options.rounds.min(page.rounds);
    let title = format!("{} {}", app.name, page.path);
    let progress = progress::bar(&title, (rounds + 1) * contestants.len());
    let mut loads = Vec::new();
    for contestant in contestants.iter() {
        progress.inc(1);
        let load = ready(app, page, contestant, &contestants[0].server, connections).await;
        loads.push(contestant.peer.origin.excuse(&contestant.peer.name, load)?);
    }
    let mut turns: Vec<_> = contestants.iter().map(|_| Turns::default()).collect();
    for round in 0..rounds {
        for place in 0..contestants.len() {
            // Nobody goes first in all rounds.
            let place = (place + round) % contestants.len();
            let contestant = &mut contestants[place];
            progress.set_message(contestant.peer.name.clone());
            progress.inc(1);
            let turn = contestant.turn(&mut loads[place]).await?;
            turns[place].add(turn.as_ref());
        }
    }
    progress.finish_and_clear();
    report(&format!(
        "{title} on {connections} connections\n\n{}",
        table(contestants, &mut turns)
    ))?;
    let cost = |turns: &Turns| median(turns.cpu.clone());
    let names = contestants.iter().map(|it| it.peer.name.clone());
    Ok(Panel {
        title: format!("{title}: µs of CPU a request"),
        bars: names.zip(turns.iter().map(cost)).collect(),
    })
}

/// Checks that the server shows what it should, and warms it up.
async fn ready(
    app: &App,
    page: &Page,
    contestant: &Contestant<'_>,
    reference: &Server,
    connections: usize,
) -> Result<Load> {
    let server = &contestant.server;
    if let Some(problem) = parity::check(app, page, server, reference).await {
        return Err(format!("{}: {problem}", page.path).into());
    }
    let mut load = Load::open(server, page.path, &app.launch.header, connections).await?;
    load.turn(server, WARM_UP).await?;
    Ok(load)
}

impl<'a> Contestant<'a> {
    fn new(peer: &'a Peer, server: Server) -> Result<Self> {
        Ok(Self {
            peer,
            starts: vec![milliseconds(server.cold_start)],
            idle: server.resident()?,
            busy: f64::NAN,
            server,
        })
    }

    /// Starts anew, and ends the server from before.
    async fn restart(&mut self, app: &App) -> Result {
        self.server = Server::launch(self.peer, &app.launch).await?;
        self.starts.push(milliseconds(self.server.cold_start));
        self.idle = self.server.resident()?;
        Ok(())
    }

    /// Takes a turn. A peer that fails is left out from then on.
    async fn turn(&mut self, load: &mut Option<Load>) -> Result<Option<Turn>> {
        let Some(mut taking) = load.take() else {
            return Ok(None);
        };
        let turn = taking.turn(&self.server, TURN).await;
        let turn = self.peer.origin.excuse(&self.peer.name, turn)?;
        if let Some(turn) = &turn {
            self.busy = self.busy.max(turn.resident);
            *load = Some(taking);
        }
        Ok(turn)
    }
}

impl Turns {
    /// The ratios pair the figures of a round, so one that was not measured counts as well.
    fn add(&mut self, turn: Option<&Turn>) {
        let figure = |of: fn(&Turn) -> f64| turn.map_or(f64::NAN, of);
        self.rates.push(figure(|turn| turn.requests_per_second));
        self.cpu.push(figure(|turn| turn.cpu));
        for answer in turn.iter().flat_map(|turn| &turn.answers) {
            self.firsts.push(answer.first);
            self.latencies.push(answer.whole);
        }
    }
}

fn table(contestants: &[Contestant<'_>], turns: &mut [Turns]) -> String {
    let mut table = Table::new([
        "requests/s",
        "ours against it",
        "first part p50, ms",
        "p50, ms",
        "p99, ms",
        "CPU a request, µs",
    ]);
    let ours = turns[0].rates.clone();
    for (contestant, turns) in contestants.iter().zip(turns) {
        let pairs = ours.iter().zip(&turns.rates);
        let ratios = pairs.map(|(ours, its)| ours / its).collect();
        let rate = median(turns.rates.clone());
        table.figures(
            &contestant.peer.name,
            [
                (rate, if rate < 100.0 { 2 } else { 0 }),
                (median(ratios), 2),
                (quantile(&mut turns.firsts, 0.5), 2),
                (quantile(&mut turns.latencies, 0.5), 2),
                (quantile(&mut turns.latencies, 0.99), 2),
                (median(turns.cpu.clone()), 1),
            ],
        );
    }
    table.finish()
}

fn footprint(app: &App, contestants: &[Contestant<'_>]) -> String {
    let mut table = Table::new([
        "version",
        "cold start, ms",
        "×",
        "idle RSS, KiB",
        "×",
        "busy RSS, KiB",
        "×",
        "deployed, KiB",
        "×",
        "packages",
    ]);
    let size = |it: &Contestant<'_>| {
        let build = it.peer.build.as_ref();
        build.map_or(f64::NAN, |build| build.kibibytes as f64)
    };
    let cold_start = |it: &Contestant<'_>| median(it.starts.clone());
    let ours = &contestants[0];
    for it in contestants {
        let build = it.peer.build.as_ref();
        let mut cells = vec![build.map_or("–".into(), |build| build.version.clone())];
        for (its, ours, decimals) in [
            (cold_start(it), cold_start(ours), 1),
            (it.idle, ours.idle, 0),
            (it.busy, ours.busy, 0),
            (size(it), size(ours), 0),
        ] {
            cells.push(format!("{its:.decimals$}"));
            cells.push(format!("{:.1}", its / ours));
        }
        cells.push(build.map_or("–".into(), |build| build.packages.to_string()));
        table.row(&it.peer.name, cells);
    }
    format!(
        "{}: from the start of the process to the first response of `{}`; memory before any load, \
         and the most under load; what is deployed, Node itself aside; × against ours\n\n{}",
        app.name,
        app.launch.page,
        table.finish()
    )
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
