//! A response that was read.

use crate::client::End;
use crate::row::failed;
use crate::{Tried, check};

/// Status line and headers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// `HTTP/1.1`, as it was sent.
    pub version: String,
    /// Status code.
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
}

/// How a response ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With the last byte that its length promised; also if it has no body.
    Length,
    /// With the last chunk.
    LastChunk,
    /// With the connection, as it said.
    Close,
    /// Before its end: a client can tell.
    Cut(End),
}

/// A response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Status line and headers.
    pub head: Head,
    /// Without its framing.
    pub body: Vec<u8>,
    /// How it ended.
    pub ending: Ending,
}

/// The length of the head at the front of `bytes`, if it is complete.
pub(crate) fn end_of_head(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, b"\r\n\r\n").map(|at| at + 4)
}

impl Head {
    pub(crate) fn parse(bytes: &[u8]) -> Tried<Self> {
        let text = str::from_utf8(bytes).map_err(failed)?;
        let mut lines = text.trim_end().split("\r\n");
        let line = lines.next().unwrap_or_default();
        let (version, rest) = line
            .split_once(' ')
            .ok_or_else(|| format!("no status: {line}"))?;
        let status = rest.split(' ').next().unwrap_or_default();
        let header = |line: &str| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_ascii_lowercase(), value.trim().to_owned()))
        };
        let headers = lines.map(|line| header(line).ok_or_else(|| format!("no header: {line}")));
        Ok(Self {
            version: version.to_owned(),
            status: status.parse().map_err(|_| format!("no status: {line}"))?,
            headers: headers.collect::<Tried<_>>()?,
        })
    }

    /// The first value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let named = self.headers.iter().find(|(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The values of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.headers.iter().filter(move |(key, _)| key == name);
        named.map(|(_, value)| value.as_str())
    }
}

impl Reply {
    /// Status code.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.head.status
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Whether it came to its own end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        !matches!(self.ending, Ending::Cut(_))
    }

    /// Asserts that it is a complete response with this status.
    ///
    /// # Errors
    /// If it is not.
    pub fn expect(self, status: u16) -> Tried<Self> {
        let found = self.status();
        check!(
            found == status,
            "{found} instead of {status}: {}",
            self.text()
        );
        check!(self.is_complete(), "the response is cut: {:?}", self.ending);
        Ok(self)
    }
}
