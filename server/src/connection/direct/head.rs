//! The head of a plain request.

use std::io;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, Request, Uri};
use httparse::Status;

use super::Next;
use crate::connection::head_scan::{Head, HeadScan};
use crate::connection::io::Io;
use crate::listener::sealed::Socket;

/// Bytes of a head that is read here. Browsers send 1 to 2 KiB.
const MOST: usize = 8 << 10;

/// Fields of one.
const MOST_FIELDS: usize = 64;

/// The next request, or why there is none. A connection that `stops` waits for none that has not
/// begun to arrive.
pub(super) fn poll_request<T: Socket>(
    io: &mut Io<T>,
    stops: &AtomicBool,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Result<Request<Body>, Next>>> {
    loop {
        let ahead = io.ahead();
        match HeadScan::default().read(ahead) {
            Head::Whole { len, body: None } if len <= MOST => {
                let head = io.take_ahead(len);
                let request = parse(&head);
                if request.is_none() {
                    io.unread(&head);
                }
                return Poll::Ready(Ok(request.ok_or(Next::Hyper)));
            }
            Head::Partial if ahead.len() < MOST && !is_wrong(ahead) => {}
            _ => return Poll::Ready(Ok(Err(Next::Hyper))),
        }
        let is_part = !ahead.is_empty();
        match io.poll_read_ahead(cx)? {
            Poll::Ready(true) => {}
            // hyper may know what to make of a part of a head.
            Poll::Ready(false) if is_part => return Poll::Ready(Ok(Err(Next::Hyper))),
            Poll::Pending if is_part || !stops.load(Relaxed) => return Poll::Pending,
            Poll::Ready(false) | Poll::Pending => return Poll::Ready(Ok(Err(Next::Close))),
        }
    }
}

/// Whether no plain head begins so: there is no use in waiting for the rest.
fn is_wrong(part: &[u8]) -> bool {
    let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let mut parsed = httparse::Request::new(&mut []);
    parsed.parse_with_uninit_headers(part, &mut fields).is_err()
}

/// A head as a request, if it is plain. What is wrong with another, hyper says.
fn parse(head: &Bytes) -> Option<Request<Body>> {
    let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let mut parsed = httparse::Request::new(&mut []);
    let status = parsed.parse_with_uninit_headers(head, &mut fields).ok()?;
    let path = parsed.path?;
    if status != Status::Complete(head.len())
        || parsed.method != Some("GET")
        || parsed.version != Some(1)
        || !path.starts_with('/')
    {
        return None;
    }
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = Uri::from_maybe_shared(head.slice_ref(path.as_bytes())).ok()?;
    let mut headers = HeaderMap::with_capacity(parsed.headers.len());
    for field in parsed.headers {
        let name = HeaderName::from_bytes(field.name.as_bytes()).ok()?;
        let value = HeaderValue::from_maybe_shared(head.slice_ref(field.value)).ok()?;
        if is_special(&name, &value) {
            return None;
        }
        headers.append(name, value);
    }
    *request.headers_mut() = headers;
    Some(request)
}

/// Whether a field asks for more than an answer.
fn is_special(name: &HeaderName, value: &HeaderValue) -> bool {
    if *name == CONNECTION {
        // Browsers say it, though it is the default.
        return !value.as_bytes().eq_ignore_ascii_case(b"keep-alive");
    }
    [UPGRADE, EXPECT, TE, CONTENT_LENGTH, TRANSFER_ENCODING].contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(head: &str) -> Option<Request<Body>> {
        match HeadScan::default().read(head.as_bytes()) {
            Head::Whole { len, .. } => parse(&Bytes::copy_from_slice(&head.as_bytes()[..len])),
            _ => None,
        }
    }

    #[test]
    fn a_plain_head_is_read_as_it_is() {
        let head = "\r\nGET /a%20b/?c=d&e HTTP/1.1\r\nHost: a.example:3000\r\n\
                    ACCEPT: text/html , */* \r\nCookie: a=b\r\ncookie: c=\"d\"\r\nX-Empty:\r\n\
                    Connection: Keep-Alive\r\n\r\n";
        let request = plain(head).expect("a plain head");
        assert_eq!(request.method(), "GET");
        assert_eq!(request.version(), http::Version::HTTP_11);
        assert_eq!(request.uri(), "/a%20b/?c=d&e");
        let fields: Vec<_> = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().expect("a text")))
            .collect();
        let expected = [
            ("host", "a.example:3000"),
            ("accept", "text/html , */*"),
            ("cookie", "a=b"),
            ("cookie", "c=\"d\""),
            ("x-empty", ""),
            ("connection", "Keep-Alive"),
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn a_head_ends_with_its_first_empty_line() {
        let head = "\r\nGET /1 HTTP/1.1\r\nhost: a\r\n\r\n";
        let len = head.len();
        for behind in ["", "\r\n", "\n", "GET /2 HTTP/1.1\r\n\r\n", "body\n\n"] {
            let ahead = format!("{head}{behind}");
            let whole = Head::Whole { len, body: None };
            assert_eq!(HeadScan::default().read(ahead.as_bytes()), whole);
        }
        for len in 0..len {
            let part = &head.as_bytes()[..len];
            assert_eq!(HeadScan::default().read(part), Head::Partial);
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_hyper() {
        for line in [
            "HEAD / HTTP/1.1",
            "POST / HTTP/1.1",
            "get / HTTP/1.1",
            "GET / HTTP/1.0",
            "GET * HTTP/1.1",
            "GET http://a/ HTTP/1.1",
            "GET //\u{7f} HTTP/1.1",
            "GET /a b HTTP/1.1",
            "GET  / HTTP/1.1",
        ] {
            assert!(
                plain(&format!("{line}\r\nhost: a\r\n\r\n")).is_none(),
                "{line}"
            );
        }
        for field in [
            "connection: close",
            "connection: keep-alive, upgrade",
            "upgrade: websocket",
            "expect: 100-continue",
            "te: trailers",
            "content-length: 0",
            "transfer-encoding: chunked",
            "a b: c",
            "a : b",
            " a: b",
            ": b",
            "a: b\rc",
            "a: \u{0}",
        ] {
            let head = format!("GET / HTTP/1.1\r\nhost: a\r\n{field}\r\n\r\n");
            assert!(plain(&head).is_none(), "{field}");
        }
        for head in [
            "GET / HTTP/1.1\nhost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\nb: c\r\n\r\n",
            "GET / HTTP/1.1\r\nhost: a\r\n\n",
            "\nGET / HTTP/1.1\r\nhost: a\r\n\r\n",
            "\r\n\r\n",
        ] {
            assert!(plain(head).is_none(), "{head:?}");
        }
        let many = "a: b\r\n".repeat(MOST_FIELDS + 1);
        assert!(plain(&format!("GET / HTTP/1.1\r\n{many}\r\n")).is_none());
    }
}
