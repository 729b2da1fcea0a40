//! Whether a response is compressed, and how.

use http::header::{
    ACCEPT_ENCODING, ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE,
    ETAG, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::media_type::MediaType;

/// Smaller bodies fit the packet of their head, compressed or not.
const SMALLEST: u64 = 1024;

/// A way to compress a response while it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    #[cfg(feature = "zstd")]
    Zstd,
    Gzip,
    #[cfg(feature = "brotli")]
    Brotli,
}

impl Coding {
    /// Cheapest first, in time and memory per response, where the client has no preference. In
    /// pieces as small as patches, Brotli compresses no better than the others.
    const ALL: &[Self] = &[
        #[cfg(feature = "zstd")]
        Self::Zstd,
        Self::Gzip,
        #[cfg(feature = "brotli")]
        Self::Brotli,
    ];

    fn token(self) -> &'static str {
        match self {
            #[cfg(feature = "zstd")]
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
            #[cfg(feature = "brotli")]
            Self::Brotli => "br",
        }
    }

    /// What the client likes best, if it likes that better than the response as it is.
    pub(super) fn accepted(headers: &HeaderMap) -> Option<Self> {
        let mut weights = Weights::default();
        for line in headers.get_all(ACCEPT_ENCODING) {
            let items = line.to_str().unwrap_or_default().split(',');
            items.for_each(|item| weights.add(item));
        }
        let floor = weights.identity.unwrap_or(0);
        let mut best: Option<(u16, Self)> = None;
        for &coding in Self::ALL {
            let weight = weights.named[coding as usize].or(weights.any).unwrap_or(0);
            let is_best = best.is_none_or(|(most, _)| weight > most);
            if weight > 0 && weight >= floor && is_best {
                best = Some((weight, coding));
            }
        }
        best.map(|(_, coding)| coding)
    }
}

/// Weights in thousandths.
#[derive(Default)]
struct Weights {
    named: [Option<u16>; Coding::ALL.len()],
    identity: Option<u16>,
    any: Option<u16>,
}

impl Weights {
    /// Takes an item such as `gzip;q=0.5`. One that is not well formed is passed over.
    fn add(&mut self, item: &str) {
        let (name, weight) = item.split_once(';').unwrap_or((item, "q=1"));
        let name = name.trim();
        let named = |coding: &Coding| {
            let is_old_gzip = *coding == Coding::Gzip && name.eq_ignore_ascii_case("x-gzip");
            is_old_gzip || name.eq_ignore_ascii_case(coding.token())
        };
        let known = match Coding::ALL.iter().find(|coding| named(coding)) {
            Some(coding) => &mut self.named[*coding as usize],
            None if name == "*" => &mut self.any,
            None if name.eq_ignore_ascii_case("identity") => &mut self.identity,
            None => return,
        };
        *known = known.or(thousandths(weight));
    }
}

/// `q=0.5` -> 500.
fn thousandths(weight: &str) -> Option<u16> {
    let weight = weight.trim().strip_prefix(['q', 'Q'])?.strip_prefix('=')?;
    let weight: f32 = weight.parse().ok()?;
    // The cast cannot overflow: 1000 is the most.
    (0.0..=1.0)
        .contains(&weight)
        .then_some((weight * 1000.0) as u16)
}

/// Whether a response with this head gains by compression, for a client that accepts it.
/// `len` is the length of its body, if that is known.
pub(super) fn gains(status: StatusCode, headers: &HeaderMap, len: Option<u64>) -> bool {
    // A part is one of the bytes as they are; the others have no body.
    let has_whole_body = !status.is_informational()
        && !matches!(
            status,
            StatusCode::NO_CONTENT
                | StatusCode::RESET_CONTENT
                | StatusCode::PARTIAL_CONTENT
                | StatusCode::NOT_MODIFIED
        );
    has_whole_body
        && len.is_none_or(|len| len >= SMALLEST)
        && MediaType::of(headers).is_some_and(is_text)
        && !headers.contains_key(CONTENT_ENCODING)
        && !headers.contains_key(CONTENT_RANGE)
        && !has_token(headers, CACHE_CONTROL, "no-transform")
}

/// Whether content of this type is text in bulk. A stream of events is left as it is: each is
/// tiny, and the state of a compressor would stay for as long as the client does.
fn is_text(media: MediaType<'_>) -> bool {
    if media.begins("text/") {
        return !media.is("text/event-stream");
    }
    ["+json", "+xml", "/json", "/xml", "/javascript", "/wasm"]
        .into_iter()
        .any(|end| media.ends(end))
}

/// Says that the response depends on `Accept-Encoding`.
pub(super) fn vary(headers: &mut HeaderMap) {
    let name = ACCEPT_ENCODING.as_str();
    if !has_token(headers, VARY, name) && !has_token(headers, VARY, "*") {
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
}

/// Changes the head of a response whose body will be compressed.
pub(super) fn apply(coding: Coding, headers: &mut HeaderMap) {
    let name = HeaderValue::from_static(coding.token());
    headers.insert(CONTENT_ENCODING, name);
    headers.remove(CONTENT_LENGTH);
    headers.remove(ACCEPT_RANGES);
    if let Some(etag) = headers.get_mut(ETAG)
        && !etag.as_bytes().starts_with(b"W/")
    {
        // The same content, but not the same bytes.
        let weak = [b"W/", etag.as_bytes()].concat();
        if let Ok(weak) = HeaderValue::from_bytes(&weak) {
            *etag = weak;
        }
    }
}

/// Whether a list such as `a, b` in a header has this item.
fn has_token(headers: &HeaderMap, name: HeaderName, token: &str) -> bool {
    headers.get_all(name).iter().any(|line| {
        let mut items = line.as_bytes().split(|byte| *byte == b',');
        items.any(|item| item.trim_ascii().eq_ignore_ascii_case(token.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::Coding::{Brotli, Gzip, Zstd};
    use super::*;
    use http::header::CONTENT_TYPE;

    #[test]
    fn the_best_of_what_is_accepted_is_taken() {
        for (header, expected) in [
            ("", None),
            ("identity", None),
            ("gzip", Some(Gzip)),
            ("X-GZIP", Some(Gzip)),
            ("gzip, deflate, br, zstd", Some(Zstd)),
            ("gzip, deflate, br", Some(Gzip)),
            ("br", Some(Brotli)),
            ("br;q=0.9, gzip;q=0.8", Some(Brotli)),
            ("br ; q=0.500 ,gzip; Q=0.8", Some(Gzip)),
            ("*", Some(Zstd)),
            ("zstd;q=0, *", Some(Gzip)),
            ("*;q=0", None),
            ("gzip;q=0", None),
            ("gzip;q=0, identity", None),
            ("gzip;q=2, br;q=-1, zstd;q=NaN", None),
            ("gzip;x, br", Some(Brotli)),
            ("identity, gzip;q=0.5", None),
            ("identity;q=0.5, gzip", Some(Gzip)),
            ("brotli, gzipped", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(header));
            assert_eq!(Coding::accepted(&headers), expected, "{header:?}");
        }
        assert_eq!(Coding::accepted(&HeaderMap::new()), None);
    }

    #[test]
    fn only_text_gains() {
        for (media_type, gain) in [
            ("text/html; charset=utf-8", true),
            ("application/json", true),
            ("application/ld+json", true),
            ("image/svg+xml", true),
            ("text/javascript", true),
            ("application/wasm", true),
            ("text/event-stream", false),
            ("image/png", false),
            ("font/woff2", false),
            ("application/zip", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            assert_eq!(gains(StatusCode::OK, &headers, None), gain, "{media_type}");
        }
    }
}
