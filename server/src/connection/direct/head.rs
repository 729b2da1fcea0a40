//! The head of a plain request.

use std::io;
use std::mem::MaybeUninit;
use std::task::{Context, Poll, ready};

use axum::body::Body;
use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_LENGTH, EXPECT, HeaderName, HeaderValue, TE, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, Request, Uri};
use httparse::{ParserConfig, Status};
use memchr::memmem;

use super::Next;
use crate::connection::io::Io;
use crate::listener::sealed::Socket;

/// Bytes of a head that is read here. Browsers send 1 to 2 KiB.
const MOST: usize = 8 << 10;

/// Fields of one.
const MOST_FIELDS: usize = 64;

const END: &[u8] = b"\r\n\r\n";

/// The next request, or why there is none.
pub(super) fn poll_request<T: Socket>(
    io: &mut Io<T>,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Result<Request<Body>, Next>>> {
    loop {
        let ahead = io.ahead();
        if let Some(len) = end_of_head(ahead) {
            let head = io.take_ahead(len);
            let request = parse(&head);
            match &request {
                // One that was sent right behind it.
                Some((_, len)) => io.unread(&head[*len..]),
                None => io.unread(&head),
            }
            return Poll::Ready(Ok(request.map(|(request, _)| request).ok_or(Next::Hyper)));
        }
        if ahead.len() >= MOST || is_wrong(ahead) {
            return Poll::Ready(Ok(Err(Next::Hyper)));
        }
        if !ready!(io.poll_read_ahead(cx))? {
            // hyper may know what to make of a part of a head.
            let is_part = !io.ahead().is_empty();
            let next = if is_part { Next::Hyper } else { Next::Close };
            return Poll::Ready(Ok(Err(next)));
        }
    }
}

/// Where a head ends, or one behind it.
fn end_of_head(ahead: &[u8]) -> Option<usize> {
    if ahead.ends_with(END) {
        return Some(ahead.len());
    }
    memmem::find(ahead, END).map(|at| at + END.len())
}

/// Whether no plain head begins so: there is no use in waiting for the rest.
fn is_wrong(part: &[u8]) -> bool {
    let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let mut parsed = httparse::Request::new(&mut []);
    let parser = ParserConfig::default();
    let status = parser.parse_request_with_uninit_headers(&mut parsed, part, &mut fields);
    // One that is complete ends in another way than it should.
    !part.is_empty() && status != Ok(Status::Partial)
}

/// A head as a request, if it is plain, and where it ends. What is wrong with another, hyper says.
fn parse(head: &Bytes) -> Option<(Request<Body>, usize)> {
    let mut fields = [const { MaybeUninit::uninit() }; MOST_FIELDS];
    let mut parsed = httparse::Request::new(&mut []);
    let status = ParserConfig::default()
        .parse_request_with_uninit_headers(&mut parsed, head, &mut fields)
        .ok()?;
    let (Status::Complete(len), Some(path)) = (status, parsed.path) else {
        return None;
    };
    if parsed.method != Some("GET")
        || parsed.version != Some(1)
        || !path.starts_with('/')
        || has_bare_line_feed(&head[..len])
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
    Some((request, len))
}

/// Whether a line could be taken for two by a reader that ends lines otherwise.
fn has_bare_line_feed(head: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', head).any(|at| !head[..at].ends_with(b"\r"))
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
        let (request, len) = parse(&Bytes::copy_from_slice(head.as_bytes()))?;
        assert_eq!(len, head.len());
        Some(request)
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
    fn a_request_ends_where_the_next_begins() {
        let one = "GET /1 HTTP/1.1\r\nhost: a\r\n\r\n";
        let two = format!("{one}GET /2 HTTP/1.1\r\nhost: a\r\n\r\n");
        let (request, len) = parse(&Bytes::from(two.clone())).expect("a plain head");
        assert_eq!((request.uri().path(), len), ("/1", one.len()));
        assert_eq!(
            end_of_head(&two.as_bytes()[..two.len() - 1]),
            Some(one.len())
        );
        assert_eq!(end_of_head(&one.as_bytes()[..one.len() - 1]), None);
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
