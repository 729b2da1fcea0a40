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
    state: State,
    /// The beginning of a line whose end has not arrived.
    carry: Vec<u8>,
    lengths: u8,
    encodings: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    RequestLine,
    Fields,
    /// The head is over, or it is none.
    Over,
}

const LENGTH: &[u8] = b"content-length:";
const ENCODING: &[u8] = b"transfer-encoding:";

/// Of a line that arrives in pieces, what is kept: enough for its name.
const KEPT: usize = 32;

impl HeadScan {
    /// A new head follows.
    pub(super) fn restart(&mut self) {
        *self = Self {
            carry: std::mem::take(&mut self.carry),
            ..Self::default()
        };
        self.carry.clear();
    }

    /// Reads what arrived. Returns whether the head is ambiguous, once.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> bool {
        while self.state != State::Over {
            let Some(end) = memchr::memchr(b'\n', bytes) else {
                self.keep(bytes);
                return false;
            };
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            bytes = rest;
            let ambiguous = if self.carry.is_empty() {
                self.line(line)
            } else {
                self.keep(line);
                let whole = std::mem::take(&mut self.carry);
                self.line(&whole)
            };
            if ambiguous {
                self.state = State::Over;
                return true;
            }
        }
        false
    }

    fn line(&mut self, line: &[u8]) -> bool {
        let Some(line) = line.strip_suffix(b"\r") else {
            // Not a head at all, or one of lines that end in a bare LF.
            let of_a_head = self.state == State::Fields || is_request_line(line);
            self.state = State::Over;
            return of_a_head;
        };
        match self.state {
            // Empty lines before a request are allowed.
            State::RequestLine if line.is_empty() => {}
            State::RequestLine if is_request_line(line) => self.state = State::Fields,
            State::Fields if line.is_empty() => self.state = State::Over,
            State::Fields => {
                self.lengths += u8::from(begins_with(line, LENGTH));
                self.encodings += u8::from(begins_with(line, ENCODING));
            }
            State::RequestLine | State::Over => self.state = State::Over,
        }
        self.lengths > 1 || self.encodings > 1 || (self.lengths > 0 && self.encodings > 0)
    }

    /// Keeps the beginning of a line, and its last byte, which may be a CR.
    fn keep(&mut self, part: &[u8]) {
        // The version stands at the end of a request line.
        let keeps_all = self.state == State::RequestLine || self.carry.len() + part.len() <= KEPT;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// In one piece, in two at every place, and byte by byte.
    fn is_ambiguous(head: &str) -> bool {
        let head = head.as_bytes();
        let whole = HeadScan::default().read(head);
        for at in 0..head.len() {
            let mut scan = HeadScan::default();
            let split = scan.read(&head[..at]) | scan.read(&head[at..]);
            assert_eq!(split, whole, "split at {at}");
        }
        let mut scan = HeadScan::default();
        let bytes = head
            .iter()
            .fold(false, |found, byte| found | scan.read(&[*byte]));
        assert_eq!(bytes, whole, "byte by byte");
        whole
    }

    #[test]
    fn plain_heads_are_not_ambiguous() {
        for head in [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "\r\nPOST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 70\r\n\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\na\nb",
        ] {
            assert!(!is_ambiguous(head), "{head:?}");
        }
    }

    #[test]
    fn heads_that_say_two_lengths_are_ambiguous() {
        for head in [
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nTRANSFER-ENCODING: chunked\r\nHost: a\r\ncontent-length: 5\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
        ] {
            assert!(is_ambiguous(head), "{head:?}");
        }
    }

    #[test]
    fn a_bare_line_feed_is_ambiguous() {
        assert!(is_ambiguous("GET / HTTP/1.1\nHost: a\r\n\r\n"));
        assert!(is_ambiguous("GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"));
        assert!(is_ambiguous("GET / HTTP/1.1\r\nHost: a\r\n\n"));
    }

    #[test]
    fn long_lines_keep_their_end() {
        let long = "x".repeat(300);
        assert!(!is_ambiguous(&format!(
            "GET /{long} HTTP/1.1\r\nCookie: {long}\r\n\r\n"
        )));
        assert!(is_ambiguous(&format!(
            "GET /{long} HTTP/1.1\r\nCookie: {long}\nA: b\r\n\r\n"
        )));
    }

    #[test]
    fn what_is_no_head_is_not_read() {
        assert!(!is_ambiguous(
            "tail of a body\nContent-Length: 5\nContent-Length: 5\n\n"
        ));
    }
}
