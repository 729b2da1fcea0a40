//! The command line.

use std::{
    path::{Path, PathBuf},
    str::FromStr,
};

use crate::{Result, roster::Roster};

pub(crate) const USAGE: &str = "\
Usage: bench-load <command> [options]

Commands
  verify    check content and order of what the servers stream
  report    verify, then all that follow, as one document in Markdown
  compare   cpu, latency, memory
  cpu       server CPU per request
  latency   time to the shell, from resolve to arrival and to the last byte, by streams at a time
  memory    memory per parked stream
  soak      memory and open files after streams that were left
  footprint cold start, size, idle and busy memory
  apps      two apps beside the same in other frameworks: requests a second, latency, footprint

Options
  --roster FILE       the servers to start (default: those built beside this program)
  --peer NAME=PATH    a server to start beside those; repeat it
  --only PAGE         a workload to measure, as in w2; repeat it (default: all)
  --rounds N          how often all servers take their turn (default 25)
  --requests N        requests per turn, fewer on heavy workloads (default 1500)
  --connections N     keep-alive connections in parallel, on w8 eight times as many (default 16)
  --streams N         parked streams for memory (default 1000)
  --chart FILE        where report draws its figures, as SVG
  --note TEXT         where its figures come from: machine, versions, date; repeat it";

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) command: Command,
    pub(crate) roster: Roster,
    /// The workloads to measure; all of them if it names none.
    pub(crate) only: Vec<String>,
    pub(crate) rounds: usize,
    pub(crate) requests: usize,
    pub(crate) connections: usize,
    pub(crate) streams: usize,
    pub(crate) chart: Option<PathBuf>,
    /// Where the figures come from, for the report.
    pub(crate) notes: Vec<String>,
}

pub(crate) enum Command {
    Verify,
    Report,
    Compare,
    Cpu,
    Latency,
    Memory,
    Soak,
    Footprint,
    Apps,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self> {
        let command = arguments.next().ok_or("a command is missing")?.parse()?;
        let mut options = Self {
            command,
            roster: Roster::default(),
            only: Vec::new(),
            rounds: 25,
            requests: 1_500,
            connections: 16,
            streams: 1_000,
            chart: None,
            notes: Vec::new(),
        };
        let mut named = Vec::new();
        let mut file = None;
        while let Some(option) = arguments.next() {
            let value = arguments
                .next()
                .ok_or_else(|| format!("{option} needs a value"))?;
            match option.as_str() {
                "--roster" => file = Some(value),
                "--peer" => named.push(value.parse()?),
                "--note" => options.notes.push(value),
                "--chart" => options.chart = Some(value.into()),
                "--only" => options.only.push(format!("/{value}")),
                "--rounds" => options.rounds = positive(&value)?,
                "--requests" => options.requests = positive(&value)?,
                "--connections" => options.connections = positive(&value)?,
                "--streams" => options.streams = positive(&value)?,
                _ => return Err(format!("unknown option {option}").into()),
            }
        }
        options.roster = match file {
            Some(file) => Roster::read(Path::new(&file))?,
            None => Roster::built_here()?,
        };
        options.roster.peers.extend(named);
        Ok(options)
    }
}

fn positive(value: &str) -> Result<usize> {
    match value.parse()? {
        0 => Err("a number must be at least 1".into()),
        number => Ok(number),
    }
}

impl FromStr for Command {
    type Err = String;

    fn from_str(name: &str) -> std::result::Result<Self, String> {
        match name {
            "verify" => Ok(Self::Verify),
            "report" => Ok(Self::Report),
            "compare" => Ok(Self::Compare),
            "cpu" => Ok(Self::Cpu),
            "latency" => Ok(Self::Latency),
            "memory" => Ok(Self::Memory),
            "soak" => Ok(Self::Soak),
            "footprint" => Ok(Self::Footprint),
            "apps" => Ok(Self::Apps),
            _ => Err(format!("unknown command {name}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options> {
        Options::parse(line.split_whitespace().map(Into::into))
    }

    #[test]
    fn options_override_what_is_usual() {
        let options = parse("cpu --only w2 --rounds 3 --peer a=/b").unwrap();
        assert_eq!((options.only, options.rounds), (vec!["/w2".into()], 3));
        assert_eq!(options.roster.peers.last().unwrap().name, "a");
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        for line in ["", "race", "cpu --rounds", "cpu --rounds 0", "cpu --fast 1"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }
}
