//! The command line.

use std::{env, path::PathBuf, str::FromStr};

use crate::Result;

pub(crate) const USAGE: &str = "\
Usage: bench-load <command> [options]

Commands
  verify    check content and order of what the servers stream
  compare   all that follow
  cpu       server CPU per request
  latency   time to the shell and from resolve to arrival
  memory    memory per parked stream

Options
  --peer NAME=PATH    a server to start; repeat it (default: those built beside this program)
  --only PAGE         a workload to measure, as in w2; repeat it (default: all)
  --rounds N          how often all servers take their turn (default 25)
  --requests N        requests per turn, fewer on heavy workloads (default 1500)
  --connections N     keep-alive connections in parallel (default 16)
  --streams N         parked streams for memory (default 1000)";

/// The peer whose pages are the expected text.
pub(crate) const WHOLE: &str = "whole";

/// The peer that ratios refer to.
pub(crate) const BY_HAND: &str = "by-hand";

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) command: Command,
    pub(crate) peers: Vec<Peer>,
    /// The workloads to measure; all of them if it names none.
    pub(crate) only: Vec<String>,
    pub(crate) rounds: usize,
    pub(crate) requests: usize,
    pub(crate) connections: usize,
    pub(crate) streams: usize,
}

pub(crate) enum Command {
    Verify,
    Compare,
    Cpu,
    Latency,
    Memory,
}

/// A server to compare.
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let command = arguments.next().ok_or("a command is missing")?.parse()?;
        let mut options = Self {
            command,
            peers: Vec::new(),
            only: Vec::new(),
            rounds: 25,
            requests: 1_500,
            connections: 16,
            streams: 1_000,
        };
        while let Some(option) = arguments.next() {
            let value = arguments
                .next()
                .ok_or_else(|| format!("{option} needs a value"))?;
            match option.as_str() {
                "--peer" => options.peers.push(value.parse()?),
                "--only" => options.only.push(format!("/{value}")),
                "--rounds" => options.rounds = positive(&value)?,
                "--requests" => options.requests = positive(&value)?,
                "--connections" => options.connections = positive(&value)?,
                "--streams" => options.streams = positive(&value)?,
                _ => return Err(format!("unknown option {option}").into()),
            }
        }
        if options.peers.is_empty() {
            options.peers = siblings()?;
        }
        Ok(options)
    }
}

fn positive(value: &str) -> Result<usize> {
    match value.parse()? {
        0 => Err("a number must be at least 1".into()),
        number => Ok(number),
    }
}

/// The servers of this workspace that are built beside this program.
fn siblings() -> Result<Vec<Peer>> {
    let program = env::current_exe()?;
    let built = [
        "floor",
        WHOLE,
        BY_HAND,
        "by-hand-frames",
        "anabranch",
        "anabranch-axum",
        "anabranch-layers",
        "tree",
    ]
    .into_iter()
    .map(|name| Peer {
        name: name.into(),
        program: program.with_file_name(format!("bench-{name}")),
    });
    Ok(built.filter(|peer| peer.program.is_file()).collect())
}

impl FromStr for Command {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        match name {
            "verify" => Ok(Self::Verify),
            "compare" => Ok(Self::Compare),
            "cpu" => Ok(Self::Cpu),
            "latency" => Ok(Self::Latency),
            "memory" => Ok(Self::Memory),
            _ => Err(format!("unknown command {name}")),
        }
    }
}

impl FromStr for Peer {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (name, program) = text.split_once('=').ok_or("a peer is given as NAME=PATH")?;
        Ok(Self {
            name: name.into(),
            program: program.into(),
        })
    }
}
