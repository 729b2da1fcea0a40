//! How soon the shell arrives, and how soon what resolved, on w7. The page carries the times at
//! which its boundaries resolved, on a clock that both processes share.

use bench_workloads::schedule::{SIBLINGS, monotonic_nanos};
use memchr::memmem;

use crate::{
    Result,
    client::Connection,
    options::Options,
    report,
    server::Server,
    table::{Table, quantile},
};

/// Microseconds, per server.
#[derive(Default)]
struct Samples {
    shell: Vec<f64>,
    arrival: Vec<f64>,
}

pub(crate) async fn run(options: &Options) -> Result {
    let mut streaming = Vec::new();
    for server in Server::start_all(&options.peers).await? {
        if server.streams().await? {
            streaming.push((server, Samples::default()));
        }
    }
    eprintln!("/w7: {} rounds", options.rounds);
    for _ in 0..options.rounds {
        for (server, samples) in &mut streaming {
            let mut connection = Connection::open(server.address).await?;
            for _ in 0..2 {
                request(&mut connection, samples).await?;
            }
        }
    }
    let mut table = Table::new(["shell p50", "shell p90", "arrival p50", "arrival p90"]);
    for (server, samples) in &mut streaming {
        let cells = [&mut samples.shell, &mut samples.arrival]
            .into_iter()
            .flat_map(|values| [quantile(values, 0.5), quantile(values, 0.9)])
            .map(|value| format!("{value:.0}"));
        table.row(&server.name, cells);
    }
    report(&format!(
        "w7, microseconds from request to the last loading view and from resolve to arrival\n\n{}",
        table.finish()
    ))
}

async fn request(connection: &mut Connection, samples: &mut Samples) -> Result {
    let mut loading_views = 0;
    let mut arrivals = 0;
    let sent = monotonic_nanos();
    connection
        .get("/w7", |chunk| {
            if loading_views < SIBLINGS {
                loading_views += memmem::find_iter(chunk.data, "<p>Loading ").count();
                if loading_views == SIBLINGS {
                    samples.shell.push(micros(chunk.arrived - sent));
                }
            }
            for resolved in stamps(chunk.data) {
                arrivals += 1;
                samples
                    .arrival
                    .push(micros(chunk.arrived.saturating_sub(resolved)));
            }
        })
        .await?;
    if (loading_views, arrivals) != (SIBLINGS, SIBLINGS) {
        return Err(format!("w7 has {loading_views} loading views and {arrivals} times").into());
    }
    Ok(())
}

/// The times in `<p>r0@time</p>`.
fn stamps(text: &[u8]) -> impl Iterator<Item = u64> {
    memmem::find_iter(text, "@").filter_map(|at| {
        let digits = text[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        digits.fold(None, |time: Option<u64>, digit| {
            Some(time.unwrap_or(0) * 10 + u64::from(digit - b'0'))
        })
    })
}

fn micros(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1_000.0
}
