//! One response to w7, taken in as it arrives.

use std::io::Write;

use bench_workloads::schedule::{SIBLINGS, monotonic_nanos};
use flate2::write::GzDecoder;
use memchr::memmem;

use crate::Result;

const LOADING: &[u8] = b"Loading ";

/// Microseconds.
#[derive(Default)]
pub(crate) struct Times {
    /// From the request to the last loading view.
    pub(crate) shell: Vec<f64>,
    /// From the moment a boundary resolved to the read that brought its content.
    pub(crate) arrival: Vec<f64>,
    /// From the request to the end of the response.
    pub(crate) last_byte: Vec<f64>,
}

impl Times {
    pub(crate) fn extend(&mut self, other: Self) {
        self.shell.extend(other.shell);
        self.arrival.extend(other.arrival);
        self.last_byte.extend(other.last_byte);
    }
}

pub(crate) struct Arrivals {
    sent: u64,
    last: u64,
    loading_views: usize,
    /// Which boundaries have arrived. A peer may send a content twice, as markup and as data.
    arrived: [bool; SIBLINGS],
    decoder: Option<GzDecoder<Vec<u8>>>,
    times: Times,
}

impl Arrivals {
    /// Starts the clock of a request that is about to be sent.
    pub(crate) fn start(gzip: bool) -> Self {
        let sent = monotonic_nanos();
        Self {
            sent,
            last: sent,
            loading_views: 0,
            arrived: [false; SIBLINGS],
            decoder: gzip.then(|| GzDecoder::new(Vec::new())),
            times: Times::default(),
        }
    }

    /// Takes in a chunk that was read at `arrived`.
    pub(crate) fn chunk(&mut self, data: &[u8], arrived: u64) {
        self.last = arrived;
        match &mut self.decoder {
            None => self.text(data, arrived),
            Some(decoder) => {
                // What cannot be decoded is missing at the end, where it is an error.
                let _ = decoder.write_all(data).and_then(|()| decoder.flush());
                let text = std::mem::take(decoder.get_mut());
                self.text(&text, arrived);
            }
        }
    }

    fn text(&mut self, text: &[u8], arrived: u64) {
        if self.loading_views < SIBLINGS {
            self.loading_views += memmem::find_iter(text, LOADING).count();
            if self.loading_views >= SIBLINGS {
                self.times.shell.push(micros(arrived - self.sent));
            }
        }
        for (boundary, resolved) in stamps(text) {
            if let Some(seen @ false) = self.arrived.get_mut(boundary) {
                *seen = true;
                let late = arrived.saturating_sub(resolved);
                self.times.arrival.push(micros(late));
            }
        }
    }

    /// The times, if everything came.
    pub(crate) fn finish(mut self) -> Result<Times> {
        let arrivals = self.times.arrival.len();
        if self.loading_views < SIBLINGS || arrivals != SIBLINGS {
            let views = self.loading_views;
            return Err(format!("w7 has {views} loading views and {arrivals} times").into());
        }
        self.times.last_byte.push(micros(self.last - self.sent));
        Ok(self.times)
    }
}

/// The boundaries and times in `r0@time`.
fn stamps(text: &[u8]) -> impl Iterator<Item = (usize, u64)> {
    memmem::find_iter(text, "@").filter_map(|at| {
        let boundary = text[..at].last()?;
        boundary.is_ascii_digit().then_some(())?;
        let digits = text[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        let time = digits.fold(None, |time: Option<u64>, digit| {
            Some(time.unwrap_or(0) * 10 + u64::from(digit - b'0'))
        })?;
        Some((usize::from(boundary - b'0'), time))
    })
}

fn micros(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_that_comes_twice_counts_once() {
        let mut arrivals = Arrivals::start(false);
        let now = arrivals.sent;
        let shell: String = (0..SIBLINGS)
            .map(|i| format!("<p>Loading {i}</p>"))
            .collect();
        arrivals.chunk(shell.as_bytes(), now + 5_000);
        for i in 0..SIBLINGS {
            arrivals.chunk(format!("<p>r{i}@{now}</p>").as_bytes(), now + 7_000);
        }
        arrivals.chunk(format!(r#"self.data="r1@{now}""#).as_bytes(), now + 9_000);
        let times = arrivals.finish().unwrap();
        assert_eq!((times.shell, times.arrival), (vec![5.0], vec![7.0; 10]));
        assert_eq!(times.last_byte, [9.0]);
    }

    #[test]
    fn compressed_chunks_are_read_as_they_come() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut arrivals = Arrivals::start(true);
        let now = arrivals.sent;
        for i in 0..SIBLINGS {
            write!(encoder, "Loading {i} r{i}@{now}").unwrap();
            encoder.flush().unwrap();
            let chunk = std::mem::take(encoder.get_mut());
            arrivals.chunk(&chunk, now + 1_000 * i as u64);
        }
        let times = arrivals.finish().unwrap();
        assert_eq!(times.shell, [9.0]);
        assert_eq!(times.arrival[3], 3.0);
    }

    #[test]
    fn a_page_that_is_cut_is_an_error() {
        let mut arrivals = Arrivals::start(false);
        arrivals.chunk(b"<p>Loading 0</p>", arrivals.sent);
        assert!(arrivals.finish().is_err());
    }
}
