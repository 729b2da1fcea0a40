//! By which a request is found in the log.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderName, HeaderValue, StatusCode};

/// Where a request's id stands in its response.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id that is taken from a request.
const LONGEST: usize = 64;

/// Identifies a request in the log, in the span of everything that is done for it, and in the
/// `X-Request-Id` of its response.
///
/// An extractor; also in the request's extensions.
#[derive(Clone, PartialEq, Eq)]
pub struct RequestId(Text);

#[derive(Clone, PartialEq, Eq)]
enum Text {
    Made([u8; 16]),
    Taken(HeaderValue),
}

impl RequestId {
    /// Sixteen hexadecimal digits that no other request has.
    pub(super) fn new() -> Self {
        static KEY: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(()));
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = scatter(KEY.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)));
        let mut digits = [0; 16];
        for (at, digit) in digits.iter_mut().enumerate() {
            *digit = b"0123456789abcdef"[(number >> (60 - 4 * at)) as usize & 15];
        }
        Self(Text::Made(digits))
    }

    /// The one that a request brings, if it is well formed.
    pub(super) fn take(value: &HeaderValue) -> Option<Self> {
        let legal = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
        let bytes = value.as_bytes();
        let valid = (1..=LONGEST).contains(&bytes.len()) && bytes.iter().all(legal);
        valid.then(|| Self(Text::Taken(value.clone())))
    }

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        // Digits, or letters that were looked at.
        match &self.0 {
            Text::Made(digits) => str::from_utf8(digits).unwrap_or_default(),
            Text::Taken(value) => value.to_str().unwrap_or_default(),
        }
    }

    pub(super) fn into_header(self) -> HeaderValue {
        match self.0 {
            Text::Made(digits) => {
                HeaderValue::from_bytes(&digits).expect("digits are legal in a header")
            }
            Text::Taken(value) => value,
        }
    }
}

/// Numbers that follow each other become unlike; different ones stay different (splitmix64).
fn scatter(number: u64) -> u64 {
    let mut n = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({self})")
    }
}

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = MissingRequestId;

    async fn from_request_parts(request: &mut Parts, _: &S) -> Result<Self, MissingRequestId> {
        let id = request.extensions.get::<Self>();
        id.cloned().ok_or(MissingRequestId(()))
    }
}

/// The request has passed no [`Layers`](crate::Layers), or some without ids. It is a 500.
#[derive(Debug)]
pub struct MissingRequestId(());

impl fmt::Display for MissingRequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request has no id: serve the app with Layers that give ids")
    }
}

impl std::error::Error for MissingRequestId {}

impl IntoResponse for MissingRequestId {
    fn into_response(self) -> Response {
        tracing::error!("{self}");
        StatusCode::INTERNAL_SERVER_ERROR.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn ids_are_new_and_sixteen_digits() {
        let ids: HashSet<_> = (0..1000).map(|_| RequestId::new().to_string()).collect();
        assert_eq!(ids.len(), 1000);
        let digits = |id: &String| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit());
        assert!(ids.iter().all(digits));
    }

    #[test]
    fn an_id_of_a_request_is_plain() {
        let take = |id| RequestId::take(&HeaderValue::from_bytes(id).unwrap());
        assert_eq!(take(b"a-Z_0.9").unwrap().as_str(), "a-Z_0.9");
        for id in [
            &b""[..],
            b"a b",
            b"a\"b",
            "\u{202e}".as_bytes(),
            &[b'a'; 65],
        ] {
            assert_eq!(take(id), None);
        }
    }
}
