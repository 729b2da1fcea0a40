//! The load client of the benchmarks: it starts the servers under test, checks that they serve the
//! workloads as they should, and measures what that costs them.
//!
//! # Layout
//! - [`options`], [`roster`]: the command line, and the servers to compare.
//! - [`server`]: a server under test as a child process, its CPU time and memory.
//! - [`client`]: a keep-alive HTTP/1.1 connection that shows each chunk and each read.
//! - [`workload`], [`fetched`]: what a page must look like, and how it came.
//! - [`page`]: a streamed page of this workspace as text, with its patches applied.
//! - [`text`], [`parity`]: a page of any peer as text, and the comparison.
//! - [`verify`], [`cpu`], [`latency`], [`memory`], [`soak`], [`footprint`]: the commands.
//! - [`apps`]: the todos app and the demo beside the same apps in other frameworks.
//! - [`document`]: all of them as one report.
//! - [`table`], [`chart`]: medians, tables in Markdown, and bars in SVG.
//! - [`progress`]: what the terminal shows meanwhile.

mod apps;
mod chart;
mod client;
mod cpu;
mod document;
mod fetched;
mod footprint;
mod latency;
mod memory;
mod options;
mod page;
mod parity;
mod progress;
mod roster;
mod server;
mod soak;
mod table;
mod text;
mod verify;
mod workload;

use std::{
    env,
    error::Error,
    io::{self, Write},
    process::ExitCode,
};

use crate::options::{Command, Options, USAGE};

type Result<T = ()> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// One thread drives all connections, so that the client stays on one core.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let options = match Options::parse(env::args().skip(1)) {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("{problem}\n\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    match run(&options).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result {
    match options.command {
        Command::Verify => verify::run_alone(options).await,
        Command::Report => document::run(options).await,
        Command::Compare => {
            cpu::run(options, &[]).await?;
            latency::run(options, &[]).await?;
            memory::run(options, &[]).await.map(drop)
        }
        Command::Cpu => cpu::run(options, &[]).await.map(drop),
        Command::Latency => latency::run(options, &[]).await,
        Command::Memory => memory::run(options, &[]).await.map(drop),
        Command::Soak => soak::run(options, &[]).await,
        Command::Footprint => footprint::run(options).await.map(drop),
        Command::Apps => apps::run(options).await.map(drop),
    }
}

/// Writes a finished part of the report.
fn report(text: &str) -> Result {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
