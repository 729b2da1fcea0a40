//! Where one request ends and the next begins.
//!
//! hyper is given one request at a time: a read ends where a request ends, and what arrived behind
//! it waits for the next. So every head is read by [`HeadScan`] before hyper sees it, also one
//! that arrived together with the request before it. Nothing is ever held back for good: if hyper
//! takes a request for longer than it seems here, it reads on.
//!
//! Whatever is not plainly framed ends the reckoning: no head behind it is accepted any more, and
//! a request without an accepted head is refused.

use super::head_scan::{Body, Head, HeadScan};

/// Reads the requests of a connection, in whatever pieces they arrive.
#[derive(Debug, Default)]
pub(super) struct RequestScan {
    at: At,
    head: HeadScan,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Default)]
enum At {
    #[default]
    Head,
    /// These many bytes of a body.
    Body(u64),
    Chunks(Chunks),
    /// Nobody knows.
    Lost,
}

/// A body in chunks, RFC 9112, section 7.1, byte by byte where it is not data. Where hyper goes on,
/// this goes on in the same way, or gives up: otherwise the two would see different requests.
#[derive(Clone, Copy, Debug)]
enum Chunks {
    Begin,
    /// A size, of which digits were read.
    Size {
        size: u64,
    },
    /// What follows the size in its line.
    Extension {
        size: u64,
    },
    SizeLf {
        size: u64,
    },
    Data {
        left: u64,
    },
    DataCr,
    DataLf,
    /// The beginning of a line behind the last chunk: the empty one is the end.
    Trailer,
    TrailerRest,
    TrailerLf,
    EndLf,
}

/// How much of what was read belongs to the request under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All of it, and more follows.
    All,
    /// It ends before this byte.
    To(usize),
}

impl RequestScan {
    /// Whether a head comes next, or the rest of one.
    pub(super) fn is_at_head(&self) -> bool {
        matches!(self.at, At::Head)
    }

    /// Reads what arrived, to the end of the request at most. `accepted` is called if the end of a
    /// head is in it, and the head is not ambiguous.
    pub(super) fn read(&mut self, bytes: &[u8], accepted: impl FnOnce()) -> Extent {
        match self.at {
            At::Head => match self.head.read(bytes) {
                Head::Partial => Extent::All,
                Head::Ambiguous => self.lose(),
                Head::Whole { len, body } => {
                    accepted();
                    match body {
                        None | Some(Body::Length(0)) => Extent::To(len),
                        Some(Body::Length(length)) => self.body(bytes, len, length),
                        Some(Body::Chunks) => self.chunks(bytes, len, Chunks::Begin),
                    }
                }
            },
            At::Body(left) => self.body(bytes, 0, left),
            At::Chunks(chunks) => self.chunks(bytes, 0, chunks),
            At::Lost => Extent::All,
        }
    }

    /// A body begins, or goes on, at `start`.
    fn body(&mut self, bytes: &[u8], start: usize, left: u64) -> Extent {
        let (here, left) = of_data(bytes.len() - start, left);
        if left > 0 {
            self.at = At::Body(left);
            return Extent::All;
        }
        self.at = At::Head;
        Extent::To(start + here)
    }

    fn chunks(&mut self, bytes: &[u8], mut at: usize, mut chunks: Chunks) -> Extent {
        while at < bytes.len() {
            if let Chunks::Data { left } = chunks {
                let (here, left) = of_data(bytes.len() - at, left);
                at += here;
                chunks = if left > 0 {
                    Chunks::Data { left }
                } else {
                    Chunks::DataCr
                };
                continue;
            }
            let byte = bytes[at];
            at += 1;
            if matches!((chunks, byte), (Chunks::EndLf, b'\n')) {
                self.at = At::Head;
                return Extent::To(at);
            }
            match chunks.behind(byte) {
                Some(next) => chunks = next,
                None => return self.lose(),
            }
        }
        self.at = At::Chunks(chunks);
        Extent::All
    }

    fn lose(&mut self) -> Extent {
        self.at = At::Lost;
        Extent::All
    }
}

/// Of `left` bytes that are to come, how many are among `here` ones, and how many are not.
fn of_data(here: usize, left: u64) -> (usize, u64) {
    match usize::try_from(left) {
        Ok(left) if left <= here => (left, 0),
        _ => (here, left - here as u64),
    }
}

impl Chunks {
    /// What follows `byte`, if it may stand here.
    fn behind(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Begin, _) => Self::Size { size: digit(byte)? },
            (Self::Size { size }, _) if byte.is_ascii_hexdigit() => Self::Size {
                size: size.checked_mul(16)? | digit(byte)?,
            },
            (Self::Size { size } | Self::Extension { size }, b'\r') => Self::SizeLf { size },
            (Self::Size { size }, b';' | b' ' | b'\t') => Self::Extension { size },
            (Self::Extension { size }, _) if byte != b'\n' => Self::Extension { size },
            (Self::SizeLf { size: 0 }, b'\n') => Self::Trailer,
            (Self::SizeLf { size }, b'\n') => Self::Data { left: size },
            (Self::DataCr, b'\r') => Self::DataLf,
            (Self::DataLf, b'\n') => Self::Begin,
            (Self::Trailer, b'\r') => Self::EndLf,
            (Self::TrailerRest, b'\r') => Self::TrailerLf,
            (Self::TrailerLf, b'\n') => Self::Trailer,
            (Self::Trailer | Self::TrailerRest, _) if byte != b'\n' => Self::TrailerRest,
            _ => return None,
        })
    }
}

/// A hexadecimal one.
fn digit(byte: u8) -> Option<u64> {
    char::from(byte).to_digit(16).map(u64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GET: &str = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
    const CHUNKED: &str = "POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n";

    fn with_length(length: usize) -> String {
        format!("POST / HTTP/1.1\r\ncontent-length: {length}\r\n\r\n")
    }

    /// Where requests end in `text`, and how many heads were accepted, as it arrives in pieces of
    /// `size`.
    fn ends(text: &str, size: usize) -> (Vec<usize>, usize) {
        let mut scan = RequestScan::default();
        let (mut ends, mut heads, mut at) = (Vec::new(), 0, 0);
        for piece in text.as_bytes().chunks(size) {
            let mut rest = piece;
            while !rest.is_empty() {
                match scan.read(rest, || heads += 1) {
                    Extent::All => {
                        at += rest.len();
                        break;
                    }
                    Extent::To(len) => {
                        assert!(len > 0, "a read that gives nothing is an end");
                        at += len;
                        ends.push(at);
                        rest = &rest[len..];
                    }
                }
            }
        }
        (ends, heads)
    }

    #[track_caller]
    fn assert_requests(requests: &[&str]) {
        let text = requests.concat();
        let expected: Vec<_> = requests
            .iter()
            .scan(0, |at, request| {
                *at += request.len();
                Some(*at)
            })
            .collect();
        for size in 1..=text.len() {
            let found = ends(&text, size);
            assert_eq!(found, (expected.clone(), requests.len()), "by {size}");
        }
    }

    #[test]
    fn a_request_ends_with_its_head_or_its_body() {
        let text = "x".repeat(20);
        assert_requests(&[
            GET,
            GET,
            &with_length(0),
            &(with_length(5) + "hello"),
            &format!("\r\n{GET}"),
            &(with_length(20) + &text),
            GET,
        ]);
    }

    #[test]
    fn a_body_in_chunks_ends_behind_its_trailers() {
        for body in [
            "0\r\n\r\n",
            "5\r\nhello\r\n0\r\n\r\n",
            "00A\r\n0123456789\r\n1 ;a=\"b\"\r\n\n\r\n000\r\n\r\n",
            "5;a\r\nGET /\r\n0;b=c\r\nname: value\r\nother: value\r\n\r\n",
        ] {
            assert_requests(&[&format!("{CHUNKED}{body}"), GET]);
        }
    }

    /// Only its first head is accepted, and the rest is handed on as it comes.
    #[test]
    fn behind_what_is_not_plainly_framed_nothing_is_accepted() {
        for body in [
            "\r\nhello\r\n0\r\n\r\n",
            "+5\r\nhello\r\n0\r\n\r\n",
            "5\nhello\r\n0\r\n\r\n",
            "5\rhello\r\n0\r\n\r\n",
            "5;a\nb\r\nhello\r\n0\r\n\r\n",
            "6\r\nhello\r\n0\r\n\r\n",
            "4\r\nhello\r\n0\r\n\r\n",
            "10000000000000000\r\nhello\r\n0\r\n\r\n",
            "0\r\nname: value\n\r\n",
            "0\r\nname: value\ra\r\n\r\n",
            "0\r\n\n",
            "0\r\n\ra\r\n\r\n",
        ] {
            let text = format!("{CHUNKED}{body}{GET}{GET}");
            for size in 1..=text.len() {
                assert_eq!(ends(&text, size), (vec![], 1), "{body:?} by {size}");
            }
        }
        assert_eq!(ends(&format!("nonsense\r\n{GET}"), 7), (vec![], 0));
    }
}
