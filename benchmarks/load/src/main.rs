//! The load client of the benchmarks: it starts the servers under test, checks that they serve the
//! workloads as they should, and measures what that costs them.
//!
//! # Layout
//! - [`options`]: the command line.
//! - [`server`]: a server under test as a child process, its CPU time and memory.
//! - [`client`]: a keep-alive HTTP/1.1 connection that shows each chunk and each read.
//! - [`page`]: a streamed page as text, with its patches applied.
//! - [`verify`], [`cpu`], [`latency`], [`memory`]: the commands.
//! - [`table`]: medians, and tables in Markdown.

mod client;
mod cpu;
mod latency;
mod memory;
mod options;
mod page;
mod server;
mod table;
mod verify;

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
        Command::Verify => verify::run(options).await,
        Command::Cpu => cpu::run(options).await,
        Command::Latency => latency::run(options).await,
        Command::Memory => memory::run(options).await,
        Command::Compare => {
            cpu::run(options).await?;
            latency::run(options).await?;
            memory::run(options).await
        }
    }
}

/// Writes a finished part of the report.
fn report(text: &str) -> Result {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}
