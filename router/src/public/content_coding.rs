//! `Accept-Encoding` -> the compressed variants worth looking for.

use http::header::ACCEPT_ENCODING;
use http::{HeaderMap, HeaderValue};

/// A way to compress a file ahead of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    Brotli,
    Zstd,
    Gzip,
}

impl Coding {
    /// Best first, where the client has no preference.
    const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// What the variant of a file has behind its name.
    pub(super) fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Zstd => ".zst",
            Self::Gzip => ".gz",
        }
    }

    pub(super) fn header_value(self) -> HeaderValue {
        HeaderValue::from_static(self.token())
    }
}

/// The codings that the client accepts and does not like less than the file as it is, best first.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Coding> {
    let weights = Weights::read(headers);
    let floor = weights.of("identity").unwrap_or(0);
    let mut accepted: Vec<_> = Coding::ALL
        .into_iter()
        .filter_map(|coding| {
            let weight = weights.of(coding.token()).or(weights.of("*"))?;
            (weight > 0 && weight >= floor).then_some((weight, coding))
        })
        .collect();
    // Stable, so that our order breaks ties.
    accepted.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    accepted.into_iter().map(|(_, coding)| coding).collect()
}

/// Codings and their weights, in thousandths.
struct Weights(Vec<(String, u16)>);

impl Weights {
    fn read(headers: &HeaderMap) -> Self {
        let lines = headers.get_all(ACCEPT_ENCODING).into_iter();
        let weights = lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .filter_map(weighted);
        Self(weights.collect())
    }

    fn of(&self, coding: &str) -> Option<u16> {
        let mut weights = self.0.iter();
        weights.find_map(|(name, weight)| (name == coding).then_some(*weight))
    }
}

/// `gzip;q=0.5` -> gzip, 500. `None` for what is not well formed.
fn weighted(item: &str) -> Option<(String, u16)> {
    let (name, parameter) = item.split_once(';').unwrap_or((item, "q=1"));
    let weight = parameter
        .trim()
        .strip_prefix(['q', 'Q'])?
        .strip_prefix('=')?;
    let weight: f32 = weight.parse().ok()?;
    let name = name.trim().to_ascii_lowercase();
    let name = if name == "x-gzip" {
        "gzip".to_owned()
    } else {
        name
    };
    // The cast cannot overflow: 1000 is the most.
    (0.0..=1.0)
        .contains(&weight)
        .then_some((name, (weight * 1000.0) as u16))
}

#[cfg(test)]
mod tests {
    use super::Coding::{Brotli, Gzip, Zstd};
    use super::*;

    #[test]
    fn the_best_of_what_is_accepted_comes_first() {
        for (header, expected) in [
            ("", &[][..]),
            ("identity", &[]),
            ("gzip", &[Gzip]),
            ("X-GZIP", &[Gzip]),
            ("gzip, deflate, br, zstd", &[Brotli, Zstd, Gzip]),
            ("br;q=0.5, gzip;q=0.8", &[Gzip, Brotli]),
            ("br ; q=0.500 ,gzip; Q=0.8", &[Gzip, Brotli]),
            ("*", &[Brotli, Zstd, Gzip]),
            ("br;q=0, *", &[Zstd, Gzip]),
            ("*;q=0", &[]),
            ("gzip;q=0", &[]),
            ("gzip;q=2, br;q=-1, zstd;q=NaN", &[]),
            ("gzip;x, br", &[Brotli]),
            ("identity, gzip;q=0.5, br", &[Brotli]),
            ("brotli, gzipped", &[]),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(header));
            assert_eq!(accepted(&headers), expected, "{header:?}");
        }
        assert_eq!(accepted(&HeaderMap::new()), []);
    }
}
