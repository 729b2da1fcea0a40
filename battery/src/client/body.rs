//! The framing of a body, taken off as it arrives.

use crate::client::{End, Ending, Head};
use crate::row::failed;
use crate::{Tried, check};

/// Takes the framing off a body.
#[derive(Debug)]
pub(super) struct Decoder {
    pub(super) body: Vec<u8>,
    framing: Framing,
}

#[derive(Debug)]
enum Framing {
    /// So many bytes are to come.
    Length(usize),
    /// The size of a chunk comes next.
    Size,
    /// So many bytes of a chunk are to come, and the line end after it.
    Chunk(usize),
    /// Trailers, and the empty line after them.
    Trailers,
    LastChunk,
    UntilClose,
}

impl Decoder {
    pub(super) fn new(head: &Head, bodiless: bool) -> Self {
        let length = head
            .header("content-length")
            .and_then(|length| length.parse().ok());
        let chunked = head.header("transfer-encoding") == Some("chunked");
        let none = bodiless || head.status < 200 || matches!(head.status, 204 | 304);
        let framing = match length {
            _ if none => Framing::Length(0),
            _ if chunked => Framing::Size,
            Some(length) => Framing::Length(length),
            None => Framing::UntilClose,
        };
        Self {
            body: Vec::new(),
            framing,
        }
    }

    pub(super) fn is_complete(&self) -> bool {
        matches!(self.framing, Framing::Length(0) | Framing::LastChunk)
    }

    pub(super) fn ending(&self, end: Option<End>) -> Ending {
        match (&self.framing, end) {
            (Framing::Length(0), _) => Ending::Length,
            (Framing::LastChunk, _) => Ending::LastChunk,
            (Framing::UntilClose, Some(End::Closed)) => Ending::Close,
            (_, end) => Ending::Cut(end.unwrap_or(End::Closed)),
        }
    }

    /// Takes what it understands from the front of `input`.
    pub(super) fn take(&mut self, input: &mut Vec<u8>) -> Tried {
        let mut taken = 0;
        while let Some(length) = self.step(&input[taken..])? {
            taken += length;
        }
        input.drain(..taken);
        Ok(())
    }

    /// One step of it: how many bytes it took, or nothing if it needs more.
    fn step(&mut self, input: &[u8]) -> Tried<Option<usize>> {
        let line = memchr::memmem::find(input, b"\r\n");
        let taken = match &mut self.framing {
            Framing::Length(left) => {
                let length = input.len().min(*left);
                *left -= length;
                self.body.extend_from_slice(&input[..length]);
                length
            }
            Framing::UntilClose => {
                self.body.extend_from_slice(input);
                input.len()
            }
            Framing::Size => {
                let Some(line) = line else { return Ok(None) };
                let text = str::from_utf8(&input[..line]).map_err(failed)?;
                let size = usize::from_str_radix(text, 16);
                let size = size.map_err(|_| format!("not the size of a chunk: {text:?}"))?;
                self.framing = match size {
                    0 => Framing::Trailers,
                    _ => Framing::Chunk(size),
                };
                line + 2
            }
            Framing::Chunk(0) => {
                if input.len() < 2 {
                    return Ok(None);
                }
                check!(input.starts_with(b"\r\n"), "a chunk longer than its size");
                self.framing = Framing::Size;
                2
            }
            Framing::Chunk(left) => {
                let length = input.len().min(*left);
                *left -= length;
                self.body.extend_from_slice(&input[..length]);
                length
            }
            Framing::Trailers => {
                let Some(line) = line else { return Ok(None) };
                if line == 0 {
                    self.framing = Framing::LastChunk;
                }
                line + 2
            }
            Framing::LastChunk => 0,
        };
        Ok((taken > 0).then_some(taken))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(head: &str, wire: &[u8], at_once: usize) -> (Decoder, Vec<u8>) {
        let head = Head::parse(head.as_bytes()).unwrap();
        let mut decoder = Decoder::new(&head, false);
        let mut buffer = Vec::new();
        for part in wire.chunks(at_once) {
            buffer.extend_from_slice(part);
            decoder.take(&mut buffer).unwrap();
        }
        (decoder, buffer)
    }

    #[test]
    fn chunks_are_joined_however_they_arrive() {
        let wire = b"3\r\nabc\r\na\r\n0123456789\r\n0\r\nx: y\r\n\r\nHTTP/1.1";
        for at_once in 1..wire.len() {
            let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            let (decoder, rest) = decode(head, wire, at_once);
            assert_eq!(decoder.body, b"abc0123456789");
            assert_eq!(decoder.ending(None), Ending::LastChunk);
            assert_eq!(rest, b"HTTP/1.1");
        }
    }

    #[test]
    fn a_body_that_stops_early_is_cut() {
        for head in ["Transfer-Encoding: chunked", "Content-Length: 20"] {
            let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n");
            let (decoder, _) = decode(&head, b"3\r\nabc\r\n", 4);
            let ending = decoder.ending(Some(End::Closed));
            assert_eq!(ending, Ending::Cut(End::Closed));
        }
    }
}
