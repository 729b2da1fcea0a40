//! When what of a response arrived.

use std::time::Duration;

use http::header::{self, HeaderMap, HeaderName};
use http::response::Parts;
use http::{StatusCode, Version};

/// A response, by time from the request on.
#[derive(Debug)]
pub(super) struct Recording {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    pub(super) headers: HeaderMap,
    head: Duration,
    arrivals: Vec<Arrival>,
    end: Duration,
    /// Why it was cut, if it was.
    pub(super) cut: Option<String>,
    body: Vec<u8>,
}

/// Bytes that came together.
#[derive(Debug)]
struct Arrival {
    at: Duration,
    bytes: usize,
    /// How many patches began in the body, up to here.
    patches: usize,
}

/// What arrives within this time has come at once, as far as a network can tell.
const AT_ONCE: Duration = Duration::from_millis(15);

impl Recording {
    pub(super) fn new(head: Parts, at: Duration) -> Self {
        Self {
            status: head.status,
            version: head.version,
            headers: head.headers,
            head: at,
            arrivals: Vec::new(),
            end: at,
            cut: None,
            body: Vec::new(),
        }
    }

    pub(super) fn arrived(&mut self, at: Duration, data: &[u8]) {
        self.body.extend_from_slice(data);
        let patches = patches(&self.body);
        match self.arrivals.last_mut() {
            Some(last) if at - last.at < AT_ONCE => {
                last.bytes += data.len();
                last.patches = patches;
            }
            _ => self.arrivals.push(Arrival {
                at,
                bytes: data.len(),
                patches,
            }),
        }
    }

    pub(super) fn cut(&mut self, why: &str) {
        self.cut = Some(why.to_owned());
    }

    pub(super) fn ended(&mut self, at: Duration) {
        self.end = at;
    }

    /// A header's text.
    pub(super) fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where it leads to, if it leads elsewhere.
    pub(super) fn redirect(&self) -> Option<&str> {
        let location = self.header(header::LOCATION);
        location.filter(|_| self.status.is_redirection())
    }

    /// How many patches it has. Only text shows them.
    pub(super) fn patches(&self) -> usize {
        self.arrivals.last().map_or(0, |last| last.patches)
    }

    /// From the request to its first byte.
    pub(super) fn first(&self) -> Duration {
        self.arrivals.first().map_or(self.end, |first| first.at)
    }

    /// From the request to its end.
    pub(super) fn end(&self) -> Duration {
        self.end
    }

    /// Whether what was first arrived well before what was last. To have waited for the end means
    /// that next to nothing is between them.
    pub(super) fn is_spread(&self) -> bool {
        let last = self.arrivals.last().map_or(self.end, |last| last.at);
        last - self.first() > self.end / 5
    }

    /// Its course, for people.
    pub(super) fn lines(&self) -> Vec<String> {
        let version = self.version;
        let mut lines = vec![format!("{} {version:?} {}", time(self.head), self.status)];
        let mut before = 0;
        for (nth, arrival) in self.arrivals.iter().enumerate() {
            let what = match (nth, arrival.patches - before) {
                (0, 0) => "the first bytes".to_owned(),
                (_, 0) => "more".to_owned(),
                (0, 1) => "the first bytes and 1 patch".to_owned(),
                (0, many) => format!("the first bytes and {many} patches"),
                (_, 1) => "1 patch".to_owned(),
                (_, many) => format!("{many} patches"),
            };
            before = arrival.patches;
            lines.push(format!(
                "{} {what}, {} bytes",
                time(arrival.at),
                arrival.bytes
            ));
        }
        lines.push(match &self.cut {
            None => format!("{} the end", time(self.end)),
            Some(why) => format!("{} cut: {why}", time(self.end)),
        });
        lines
    }
}

/// A time in seconds, in a column.
pub(super) fn time(time: Duration) -> String {
    format!("{:>7.3} s", time.as_secs_f64())
}

/// How many patches begin in a body.
fn patches(body: &[u8]) -> usize {
    let starts = [&b"<template for="[..], b"<template data-for="];
    let begins = |at: usize| starts.iter().any(|start| body[at..].starts_with(start));
    let tags = body.iter().enumerate().filter(|(_, byte)| **byte == b'<');
    tags.filter(|(at, _)| begins(*at)).count()
}
