//! The servers to compare: those of this workspace, and the peers that a file lists.
//!
//! The file is what `benchmarks/run` found on the machine, one server a line, fields parted by
//! tabs: `own`, `peer`, or `whole` for a peer that does not stream, then name, program, version, KiB
//! deployed, packages. A server of an app has the app in front, `todos` or `demo`. A line
//! `missing<tab>NAME<tab>REASON` names what could not be built.

use std::{env, fs, path::Path, path::PathBuf, str::FromStr};

use crate::{Result, report};

/// The peer whose pages are the expected text.
pub(crate) const WHOLE: &str = "whole";

/// The peer that ratios refer to.
pub(crate) const BY_HAND: &str = "by-hand";

/// A server to compare.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Peer {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) origin: Origin,
    /// Unknown where no file tells it.
    pub(crate) build: Option<Build>,
}

/// Where a server comes from, and so how its pages are checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Origin {
    /// It uses the wire that `verify` can take apart, or is the one that gives the expected text.
    Own,
    /// A peer that streams on a wire of its own.
    Foreign,
    /// A peer that sends each page in one piece.
    ForeignWhole,
}

impl Origin {
    /// A server of this workspace that fails ends the run. A peer that fails is reported, and has
    /// no figure.
    pub(crate) fn excuse<T>(self, name: &str, outcome: Result<T>) -> Result<Option<T>> {
        match (self, outcome) {
            (_, Ok(value)) => Ok(Some(value)),
            (Self::Own, Err(error)) => Err(format!("{name}: {error}").into()),
            (Self::Foreign | Self::ForeignWhole, Err(error)) => {
                report(&format!("{name} was not measured here: {error}\n"))?;
                Ok(None)
            }
        }
    }
}

/// What was built.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Build {
    pub(crate) version: String,
    /// Size of what is deployed, the runtime of the language aside.
    pub(crate) kibibytes: u64,
    pub(crate) packages: usize,
}

/// A peer that could not be built here.
#[derive(Debug, PartialEq)]
pub(crate) struct Missing {
    pub(crate) name: String,
    pub(crate) reason: String,
}

#[derive(Debug, Default, PartialEq)]
pub(crate) struct Roster {
    /// The servers of the workloads.
    pub(crate) peers: Vec<Peer>,
    /// The servers of the two apps.
    pub(crate) todos: Vec<Peer>,
    pub(crate) demo: Vec<Peer>,
    pub(crate) missing: Vec<Missing>,
}

impl Roster {
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let text =
            fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
        text.parse()
    }

    /// The servers of this workspace that are built beside this program.
    pub(crate) fn built_here() -> Result<Self> {
        let program = env::current_exe()?;
        let own = |name: &str, file: &str| Peer {
            name: name.into(),
            program: program.with_file_name(file),
            origin: Origin::Own,
            build: None,
        };
        let is_built = |peer: &Peer| peer.program.is_file();
        let app = |file| [own("anabranch", file)].into_iter().filter(is_built);
        let workloads = [
            "floor",
            WHOLE,
            BY_HAND,
            "by-hand-frames",
            "anabranch",
            "anabranch-axum",
            "anabranch-layers",
            "tree",
        ]
        .map(|name| own(name, &format!("bench-{name}")));
        Ok(Self {
            peers: workloads.into_iter().filter(is_built).collect(),
            todos: app("bench-todos").collect(),
            demo: app("demo").collect(),
            missing: Vec::new(),
        })
    }
}

impl FromStr for Roster {
    type Err = Box<dyn std::error::Error + Send + Sync>;

    fn from_str(text: &str) -> Result<Self> {
        let mut roster = Self::default();
        for line in text.lines() {
            let fields: Vec<_> = line.split('\t').collect();
            match fields[..] {
                ["missing", name, reason] => roster.missing.push(Missing {
                    name: name.into(),
                    reason: reason.into(),
                }),
                ["todos", ref server @ ..] => roster.todos.push(peer(server)?),
                ["demo", ref server @ ..] => roster.demo.push(peer(server)?),
                ref server => roster.peers.push(peer(server)?),
            }
        }
        Ok(roster)
    }
}

fn peer(fields: &[&str]) -> Result<Peer> {
    let &[kind, name, program, version, kibibytes, packages] = fields else {
        return Err(format!("not a line of a roster: {}", fields.join(" ")).into());
    };
    let origin = kind.parse()?;
    Ok(Peer {
        // Its figures stand beside those of servers that stream.
        name: match origin {
            Origin::ForeignWhole => format!("{name} (whole pages)"),
            Origin::Own | Origin::Foreign => name.into(),
        },
        program: program.into(),
        origin,
        build: Some(Build {
            version: version.into(),
            kibibytes: kibibytes.trim().parse()?,
            packages: packages.trim().parse()?,
        }),
    })
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(kind: &str) -> std::result::Result<Self, Self::Err> {
        match kind {
            "own" => Ok(Self::Own),
            "peer" => Ok(Self::Foreign),
            "whole" => Ok(Self::ForeignWhole),
            _ => Err(format!("none of own, peer and whole: {kind}")),
        }
    }
}

/// `NAME=PATH`: a peer of which no more is known.
impl FromStr for Peer {
    type Err = &'static str;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (name, program) = text.split_once('=').ok_or("a peer is given as NAME=PATH")?;
        Ok(Self {
            name: name.into(),
            program: program.into(),
            origin: Origin::Foreign,
            build: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_roster_has_servers_and_names_what_is_missing() {
        let text = "own\tfloor\t/b/floor\t0.1.0\t512\t40\nmissing\tmarko\tno Node\n";
        let roster: Roster = text.parse().unwrap();
        assert_eq!(roster.missing[0].reason, "no Node");
        let [floor] = &roster.peers[..] else {
            panic!("one server: {roster:?}");
        };
        assert_eq!((floor.name.as_str(), floor.origin), ("floor", Origin::Own));
        assert_eq!(floor.build.as_ref().map(|build| build.packages), Some(40));
    }

    #[test]
    fn the_servers_of_an_app_are_kept_apart() {
        let text =
            "demo\town\tanabranch\t/b/demo\t0.1.0\t9000\t90\ntodos\tpeer\tnext\t/n\t16\t1\t2\n";
        let roster: Roster = text.parse().unwrap();
        assert!(roster.peers.is_empty());
        assert_eq!(roster.demo[0].name, "anabranch");
        assert_eq!(roster.todos[0].origin, Origin::Foreign);
    }

    #[test]
    fn a_peer_that_does_not_stream_says_so_in_its_name() {
        let text = "whole\ttopcoat\t/b/topcoat\t0.6.2\t512\t40\n";
        let roster: Roster = text.parse().unwrap();
        assert_eq!(roster.peers[0].name, "topcoat (whole pages)");
        assert_eq!(roster.peers[0].origin, Origin::ForeignWhole);
    }

    #[test]
    fn only_a_peer_may_fail() {
        let fails = || Err::<(), _>("gone".into());
        assert!(Origin::Own.excuse("floor", fails()).is_err());
        assert!(Origin::Foreign.excuse("react", fails()).unwrap().is_none());
        assert_eq!(Origin::Own.excuse("floor", Ok(1)).unwrap(), Some(1));
    }

    #[test]
    fn a_line_that_says_too_little_is_an_error() {
        assert!("peer\treact\t/r/serve".parse::<Roster>().is_err());
        assert!("host\treact\t/r\t1\t2\t3".parse::<Roster>().is_err());
    }
}
