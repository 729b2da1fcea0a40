//! Heads that two readers could take for different requests.
//!
//! Request smuggling lives from a proxy and a server that disagree where a request ends. hyper
//! settles such cases as RFC 9112 allows; this server refuses them, as section 6.3 prefers: a
//! head with both `Transfer-Encoding` and `Content-Length`, or with two `Content-Length`, or with
//! a line that ends in a bare LF. hyper no longer shows what it has settled, so the head is read
//! here as it arrives.

/// Reads a head line by line, in whatever pieces it arrives.
#[derive(Debug, Default)]
pub(super) struct HeadScan {
    /// Whether the request line was read.
    is_begun: bool,
    /// What its fields say of the body.
    body: Option<Body>,
    /// The beginning of a line whose end has not arrived.
    carry: Vec<u8>,
}

/// The body that a head announces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Length(u64),
    Chunks,
}

/// What was read of a head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Head {
    /// Its end has not arrived.
    Partial,
    /// It ends before the byte at `len`, and says what follows it.
    Whole { len: usize, body: Option<Body> },
    /// It could be read in two ways, or not at all.
    Ambiguous,
}

/// A line of a head.
enum Line {
    Plain,
    /// The empty one.
    Last,
    Ambiguous,
}

const LENGTH: &[u8] = b"content-length:";
const ENCODING: &[u8] = b"transfer-encoding:";

/// Of a line that arrives in pieces, what is kept: more than a field about the body may have.
const KEPT: usize = 64;

impl HeadScan {
    /// Reads what arrived, to the end of the head at most. A new head follows a whole one.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Head {
        let mut len = 0;
        loop {
            let rest = &bytes[len..];
            let Some(end) = memchr::memchr(b'\n', rest) else {
                self.keep(rest);
                return Head::Partial;
            };
            let line = &rest[..end];
            len += end + 1;
            let line = if self.carry.is_empty() {
                self.line(line)
            } else {
                self.keep(line);
                let whole = std::mem::take(&mut self.carry);
                self.line(&whole)
            };
            match line {
                Line::Plain => {}
                Line::Last => {
                    self.is_begun = false;
                    let body = self.body.take();
                    return Head::Whole { len, body };
                }
                Line::Ambiguous => return Head::Ambiguous,
            }
        }
    }

    fn line(&mut self, line: &[u8]) -> Line {
        let Some(line) = line.strip_suffix(b"\r") else {
            return Line::Ambiguous;
        };
        if self.is_begun {
            return self.field(line);
        }
        self.is_begun = is_request_line(line);
        // Empty lines before a request are allowed.
        if self.is_begun || line.is_empty() {
            Line::Plain
        } else {
            Line::Ambiguous
        }
    }

    fn field(&mut self, line: &[u8]) -> Line {
        let body = match line.first() {
            None => return Line::Last,
            Some(b'c' | b'C') if begins_with(line, LENGTH) => length(&line[LENGTH.len()..]),
            Some(b't' | b'T') if begins_with(line, ENCODING) => Some(Body::Chunks),
            Some(_) => return Line::Plain,
        };
        // The length of a line is looked at because a longer one may be here in part.
        if body.is_none() || self.body.is_some() || line.len() >= KEPT {
            return Line::Ambiguous;
        }
        self.body = body;
        Line::Plain
    }

    /// Keeps the beginning of a line, and its last byte, which may be a CR.
    fn keep(&mut self, part: &[u8]) {
        // The version stands at the end of a request line.
        let keeps_all = !self.is_begun || self.carry.len() + part.len() <= KEPT;
        match part.split_last() {
            Some((last, rest)) if !keeps_all => {
                self.carry.truncate(KEPT);
                let room = KEPT - self.carry.len();
                self.carry.extend_from_slice(&rest[..room.min(rest.len())]);
                self.carry.push(*last);
            }
            _ => self.carry.extend_from_slice(part),
        }
    }
}

/// Whether it is one of HTTP/1.
fn is_request_line(line: &[u8]) -> bool {
    let version = line.len().checked_sub(9).map(|start| &line[start..]);
    version.is_some_and(|version| version.starts_with(b" HTTP/1."))
}

fn begins_with(line: &[u8], name: &[u8]) -> bool {
    line.len() >= name.len() && line[..name.len()].eq_ignore_ascii_case(name)
}

/// A length in digits and nothing else, RFC 9110, section 8.6: no sign, no list.
fn length(value: &[u8]) -> Option<Body> {
    let digits = value.trim_ascii();
    if digits.is_empty() {
        return None;
    }
    let length = digits.iter().try_fold(0u64, |length, byte| {
        let digit = char::from(*byte).to_digit(10)?;
        length.checked_mul(10)?.checked_add(u64::from(digit))
    });
    length.map(Body::Length)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In one piece, in two at every place, and byte by byte.
    fn read(head: &str) -> Head {
        let head = head.as_bytes();
        let whole = HeadScan::default().read(head);
        for at in 0..head.len() {
            assert_eq!(
                in_parts(&[&head[..at], &head[at..]]),
                whole,
                "split at {at}"
            );
        }
        let bytes: Vec<_> = head.chunks(1).collect();
        assert_eq!(in_parts(&bytes), whole, "byte by byte");
        whole
    }

    /// The first part that decides.
    fn in_parts(parts: &[&[u8]]) -> Head {
        let mut scan = HeadScan::default();
        let mut before = 0;
        for part in parts {
            match scan.read(part) {
                Head::Partial => before += part.len(),
                Head::Whole { len, body } => {
                    let len = before + len;
                    return Head::Whole { len, body };
                }
                Head::Ambiguous => return Head::Ambiguous,
            }
        }
        Head::Partial
    }

    #[test]
    fn a_plain_head_says_where_it_ends_and_what_follows() {
        let long = "x".repeat(300);
        for (head, body) in [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", None),
            ("\r\n\r\nGET / HTTP/1.0\r\n\r\n", None),
            (
                "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n",
                Some(Body::Length(5)),
            ),
            (
                "POST /a HTTP/1.1\r\ncontent-LENGTH:\t 0005 \t\r\nHost: a\r\n\r\n",
                Some(Body::Length(5)),
            ),
            (
                "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
                Some(Body::Chunks),
            ),
            (
                "POST / HTTP/1.1\r\nX-Content-Length: 1\r\nCookie: a\r\nTe: trailers\r\n\r\n",
                None,
            ),
            (
                &format!("GET /{long} HTTP/1.1\r\nCookie: {long}\r\n\r\n"),
                None,
            ),
        ] {
            let len = head.len();
            assert_eq!(read(head), Head::Whole { len, body }, "{head:?}");
            let behind = format!("{head}Content-Length: 1\r\na\nb");
            assert_eq!(read(&behind), Head::Whole { len, body }, "{behind:?}");
        }
    }

    #[test]
    fn a_head_without_its_end_is_partial() {
        for head in [
            "",
            "\r\n",
            "GET / HTTP/1.1",
            "GET / HTTP/1.1\r\nHost: a\r\n\r",
        ] {
            assert_eq!(read(head), Head::Partial, "{head:?}");
        }
    }

    #[test]
    fn a_head_that_says_two_lengths_is_ambiguous() {
        for head in [
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\nHost: a\r\ncontent-length: 5\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            assert_eq!(read(head), Head::Ambiguous, "{head:?}");
        }
    }

    #[test]
    fn a_length_that_is_no_number_is_ambiguous() {
        let far = format!("{}5", " ".repeat(60));
        for length in [
            "",
            "+5",
            "-5",
            "5, 5",
            "5 5",
            "0x5",
            "18446744073709551616",
            &far,
        ] {
            let head = format!("POST / HTTP/1.1\r\nContent-Length: {length}\r\n\r\n");
            assert_eq!(read(&head), Head::Ambiguous, "{head:?}");
        }
    }

    #[test]
    fn a_bare_line_feed_is_ambiguous() {
        let long = "x".repeat(300);
        for head in [
            "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\n",
            &format!("GET / HTTP/1.1\r\nCookie: {long}\nA: b\r\n\r\n"),
        ] {
            assert_eq!(read(head), Head::Ambiguous, "{head:?}");
        }
    }

    #[test]
    fn what_is_no_request_line_is_ambiguous() {
        for head in ["GET /\r\n\r\n", "tail of a body\r\nGET / HTTP/1.1\r\n\r\n"] {
            assert_eq!(read(head), Head::Ambiguous, "{head:?}");
        }
    }
}
