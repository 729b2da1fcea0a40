//! What a row can ask the server under test while it runs: counters, gates and the log.
//!
//! The app of a child process gets a [`Control`]. The row asks it through the child's standard
//! input and output, one line for each: not over HTTP, since a row may have taken all connections.
//!
//! ```text
//! open <gate>       ok
//! waiting <gate>    how many wait at it
//! add <counter>     ok, and the counter is one more
//! count <counter>   its value; `tasks`, `warnings` and `errors` are always there
//! log               how many lines follow, and the lines
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anabranch_paint::Gates;
use tokio::runtime::Handle;

mod log;

pub use log::{LINE_END, Lines, Log};

/// The app's end of the channel. Clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Control {
    /// What the app waits for, and the row opens.
    pub gates: Gates,
    /// What the app has logged.
    pub log: Log,
    // std's Mutex, because nothing is awaited while it is held.
    counters: Arc<Mutex<BTreeMap<String, Counter>>>,
}

/// A number that the app counts and the row reads.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<AtomicI64>);

/// Counts for as long as it lives: put it into a future to count those that are alive.
#[derive(Debug)]
#[must_use = "it counts only while it is held"]
pub struct Alive(Counter);

impl Control {
    /// The counter of that name, zero at its first mention.
    #[must_use]
    pub fn counter(&self, name: &str) -> Counter {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.entry(name.to_owned()).or_default().clone()
    }

    /// Counts one more on the counter of that name, until it is dropped.
    pub fn alive(&self, name: &str) -> Alive {
        self.counter(name).alive()
    }

    /// Answers one line of the channel.
    #[must_use]
    pub fn answer(&self, line: &str, runtime: &Handle) -> String {
        let (verb, name) = line.split_once(' ').unwrap_or((line, ""));
        match (verb, name) {
            ("open", gate) => {
                self.gates.open(gate);
                "ok".to_owned()
            }
            ("add", counter) => {
                self.counter(counter).add(1);
                "ok".to_owned()
            }
            ("waiting", gate) => self.gates.waiting(gate).to_string(),
            ("count", "tasks") => runtime.metrics().num_alive_tasks().to_string(),
            ("count", "warnings") => self.log.warnings().to_string(),
            ("count", "errors") => self.log.errors().to_string(),
            ("count", counter) => self.counter(counter).get().to_string(),
            ("log", _) => {
                let lines = self.log.lines();
                let mut answer = lines.len().to_string();
                for line in lines {
                    // Writing to a String cannot fail.
                    let _ = write!(answer, "\n{line}");
                }
                answer
            }
            _ => format!("unknown: {line}"),
        }
    }
}

impl Counter {
    /// Adds to it.
    pub fn add(&self, amount: i64) {
        self.0.fetch_add(amount, Ordering::Relaxed);
    }

    /// Its value.
    #[must_use]
    pub fn get(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts one more, until it is dropped.
    pub fn alive(&self) -> Alive {
        self.add(1);
        Alive(self.clone())
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.add(-1);
    }
}
