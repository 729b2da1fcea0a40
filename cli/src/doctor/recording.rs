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
    /// How long the way to the other side and back takes.
    trip: Duration,
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
    /// When the last of them did.
    until: Duration,
    bytes: usize,
    /// How many patches began in the body, up to here.
    patches: usize,
}

/// What arrives within this time has come at once, as far as a network can tell.
const AT_ONCE: Duration = Duration::from_millis(15);

/// Pauses that are shorter, all in all, show nothing.
const PAUSE: Duration = Duration::from_millis(60);

impl Recording {
    pub(super) fn new(head: Parts, trip: Duration, at: Duration) -> Self {
        Self {
            status: head.status,
            version: head.version,
            headers: head.headers,
            trip,
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
                last.until = at;
                last.bytes += data.len();
                last.patches = patches;
            }
            _ => self.arrivals.push(Arrival {
                at,
                until: at,
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

    /// Whether what was first arrived well before what was last: most of the time was between them,
    /// or nothing came for a while in which there was nothing to come. What has waited for the end
    /// comes without a pause.
    pub(super) fn is_spread(&self) -> bool {
        !self.is_late() || self.pauses() > PAUSE
    }

    /// Whether next to all of the time has passed when the first byte arrived.
    pub(super) fn is_late(&self) -> bool {
        let last = self.arrivals.last().map_or(self.end, |last| last.at);
        last - self.first() <= self.end / 5
    }

    /// How long nothing came, all in all, between the first byte and the last patch; where no text
    /// shows patches, the last byte.
    fn pauses(&self) -> Duration {
        let patches = self.patches();
        let last = |arrival: &&Arrival| patches == 0 || arrival.patches < patches;
        // A connection that is new sends a little, and waits for the answer to that.
        let least = AT_ONCE + self.trip * 2;
        let before = self.arrivals.iter().take_while(last);
        let pauses = before.zip(self.arrivals.iter().skip(1));
        let pauses = pauses.map(|(before, after)| after.at - before.until);
        pauses.filter(|pause| *pause > least).sum()
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
