//! The log of a server under test, kept in memory.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Context, SubscriberExt as _};

/// How many lines are kept, so that a long run does not look like a leak.
const KEPT: usize = 1_000;

/// Stands for a line end inside an event, and can be told from one that the event has escaped.
pub const LINE_END: &str = "␊";

/// The last lines that were logged, and how many of them were warnings and errors.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Lines>>);

/// What has been logged.
#[derive(Debug, Default)]
pub struct Lines {
    last: VecDeque<String>,
    warnings: usize,
    errors: usize,
}

impl Log {
    /// A subscriber that logs into this, from INFO up.
    #[must_use]
    pub fn subscriber(&self) -> impl Subscriber + Send + Sync + use<> {
        let lines = tracing_subscriber::fmt::layer()
            .with_ansi(false)
            .without_time()
            .with_writer(self.clone());
        let filter = tracing_subscriber::filter::LevelFilter::INFO;
        tracing_subscriber::registry()
            .with(filter)
            .with(lines)
            .with(Count(self.clone()))
    }

    /// The last lines, each on one line.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.lock().last.iter().cloned().collect()
    }

    /// How many warnings there were.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.lock().warnings
    }

    /// How many errors there were.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.lock().errors
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl io::Write for Log {
    /// Takes one event, which the formatter writes in one piece.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let line = text.trim_end_matches('\n').replace('\n', LINE_END);
        let mut lines = self.lock();
        if lines.last.len() == KEPT {
            lines.last.pop_front();
        }
        lines.last.push_back(line);
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Counts warnings and errors, whatever their text.
struct Count(Log);

impl<S: Subscriber> Layer<S> for Count {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut lines = self.0.lock();
        match *event.metadata().level() {
            Level::ERROR => lines.errors += 1,
            Level::WARN => lines.warnings += 1,
            _ => {}
        }
    }
}
