//! What the log, and the metrics, say of a response when it has ended.

use std::time::Duration;

use anabranch_engine::{Cut, Monitor};
use http::{Method, StatusCode};
use tokio::time::Instant;
use tracing::Level;

use super::path::Printed;
use super::request_id::RequestId;
use crate::{Connection, End};

/// By which filters know the lines of the access log.
const TARGET: &str = "anabranch::access";

/// One request and its response, until both are over. Dropped then, it writes its line.
pub(super) struct Record {
    /// Whether a line is wanted. The metrics may be alone.
    is_logged: bool,
    method: Method,
    /// Copied, because the request's own is a part of the 8 KiB that it was read into, which would
    /// then stay for as long as the response.
    path: Box<str>,
    id: Option<RequestId>,
    monitor: Monitor,
    connection: Option<Connection>,
    began: Instant,
    /// Status, and the time until there was one.
    head: Option<(StatusCode, Duration)>,
    /// Bytes of the body, as they were sent.
    pub(super) bytes: u64,
    fate: Fate,
}

/// How far a response got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Open,
    Complete,
    Failed,
    /// The body of the request was too slow.
    TooSlow,
}

impl Record {
    /// `None` if nobody wants to know.
    pub(super) fn begin(
        wants_log: bool,
        request: &http::Request<axum::body::Body>,
        id: Option<&RequestId>,
    ) -> Option<Self> {
        let is_logged = wants_log && tracing::enabled!(target: TARGET, Level::INFO);
        (is_logged || cfg!(feature = "metrics")).then(|| Self {
            is_logged,
            method: request.method().clone(),
            path: request.uri().path().into(),
            id: id.cloned(),
            monitor: request.extensions().get().cloned().unwrap_or_default(),
            connection: request.extensions().get().cloned(),
            began: Instant::now(),
            head: None,
            bytes: 0,
            fate: Fate::Open,
        })
    }

    /// Counts the boundaries of the page.
    pub(super) fn monitor(&self) -> Monitor {
        self.monitor.clone()
    }

    /// The response has a head: for a page, the commit point.
    pub(super) fn committed(&mut self, status: StatusCode) {
        self.head = Some((status, self.began.elapsed()));
    }

    /// The last byte was handed over.
    pub(super) fn complete(&mut self) {
        if self.fate == Fate::Open {
            self.fate = Fate::Complete;
        }
    }

    /// The body cannot go on.
    pub(super) fn failed(&mut self) {
        self.fate = Fate::Failed;
    }

    /// The body of the request was given up.
    pub(super) fn too_slow(&mut self) {
        self.fate = Fate::TooSlow;
    }

    fn end(&self) -> &'static str {
        let cut = match self.monitor.cut() {
            Some(Cut::Drain) => Some("drained"),
            Some(_) => Some("timed out"),
            None => None,
        };
        match self.fate {
            Fate::Complete => cut.unwrap_or("complete"),
            Fate::Failed => "failed",
            Fate::TooSlow => "timed out",
            Fate::Open => match self.connection.as_ref().and_then(Connection::end) {
                Some(End::Stalled) => "stalled",
                Some(End::Drained) => "drained",
                _ => "client gone",
            },
        }
    }

    fn log(&self, end: &str) {
        let total = self.began.elapsed();
        tracing::info!(
            target: TARGET,
            // The span of the request says much the same.
            parent: None,
            method = %self.method,
            path = %Printed(&self.path),
            status = self.head.map(|(status, _)| status.as_u16()),
            shell_ms = self.head.map(|(_, shell)| milliseconds(shell)),
            total_ms = milliseconds(total),
            boundaries = self.monitor.boundaries(),
            failed = self.monitor.failed(),
            bytes = self.bytes,
            end,
            id = self.id.as_ref().map(RequestId::as_str),
        );
    }

    #[cfg(feature = "metrics")]
    fn count(&self, end: &'static str) {
        let status = self.head.map_or("none", |(status, _)| {
            ["1xx", "2xx", "3xx", "4xx", "5xx"]
                .get(usize::from(status.as_u16() / 100).wrapping_sub(1))
                .copied()
                .unwrap_or("other")
        });
        metrics::counter!("anabranch_responses_total", "status" => status, "end" => end)
            .increment(1);
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let end = self.end();
        if self.is_logged {
            self.log(end);
        }
        #[cfg(feature = "metrics")]
        self.count(end);
    }
}

/// With three decimals: microseconds.
fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}
