//! What happens to a page, while it happens.

use std::fmt;

use serde_json::Value;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it was.
    pub happened: Happened,
    /// Milliseconds after the start of the navigation.
    pub at: f64,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// The body of the document began.
    Open,
    /// The first content was painted.
    Shell,
    /// The content of a boundary was painted; its name.
    Painted(String),
    /// The content of a boundary is in its place, which cannot be seen without scrolling.
    Arrived(String),
    /// The response has ended, and all it needs is there.
    Loaded,
}

impl Step {
    /// Reads a step of `watch.js`.
    pub(super) fn read(step: &Value) -> Option<Self> {
        let name = || step["name"].as_str().unwrap_or_default().to_owned();
        let happened = match step["what"].as_str()? {
            "open" => Happened::Open,
            "shell" => Happened::Shell,
            "painted" => Happened::Painted(name()),
            "arrived" => Happened::Arrived(name()),
            _ => Happened::Loaded,
        };
        let at = step["at"].as_f64()?;
        Some(Self { happened, at })
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>6.0} ms  ", self.at)?;
        match &self.happened {
            Happened::Open => f.write_str("page open"),
            Happened::Shell => f.write_str("shell painted"),
            Happened::Painted(name) => write!(f, "painted {name:?}"),
            Happened::Arrived(name) => write!(f, "arrived out of sight: {name:?}"),
            Happened::Loaded => f.write_str("loaded"),
        }
    }
}
