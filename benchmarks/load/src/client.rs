//! A keep-alive HTTP/1.1 connection that shows each chunk and each read, which HTTP libraries hide.

use std::{net::SocketAddr, ops::ControlFlow};

use bench_workloads::schedule::monotonic_nanos;
use memchr::memmem;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::Result;

/// Room for a read. A socket holds more only when the client is late.
const READ_SIZE: usize = 64 * 1024;

const GZIP: &str = "accept-encoding: gzip\r\n";

/// An open connection.
pub(crate) struct Connection {
    stream: TcpStream,
    /// What was read; `consumed` bytes of it are done with.
    buffer: Vec<u8>,
    consumed: usize,
    reads: usize,
    /// When the last read returned, on the clock of [`monotonic_nanos`].
    arrived: u64,
    /// Headers that each request has beside `host`, each with its line end.
    headers: String,
}

/// A chunk of a body, which is a frame of the server's. A body that is not chunked counts as one.
pub(crate) struct Chunk<'a> {
    pub(crate) data: &'a [u8],
    /// How many reads it took until the chunk was complete, since the connection was opened.
    pub(crate) reads: usize,
    /// Whether the last read ended with this chunk.
    pub(crate) ends_read: bool,
    pub(crate) arrived: u64,
}

/// How long a body is.
enum Framing {
    Length(usize),
    Chunked,
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
            consumed: 0,
            reads: 0,
            arrived: 0,
            headers: String::new(),
        })
    }

    /// Asks for gzip, and fails where a response has none.
    pub(crate) fn compressed(mut self) -> Self {
        self.headers = GZIP.into();
        self
    }

    /// Sends `header` with each request, if there is one.
    pub(crate) fn with(mut self, header: &str) -> Self {
        if !header.is_empty() {
            self.headers = format!("{header}\r\n");
        }
        self
    }

    /// Sends a form as a browser does from a page of the same site, and returns the head of the
    /// response. The connection is good for nothing then but to be dropped.
    pub(crate) async fn post(mut self, path: &str, form: &str) -> Result<String> {
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n{}\r\n{form}",
            form.len(),
            self.headers
        );
        self.stream.write_all(request.as_bytes()).await?;
        let end = self.find(b"\r\n\r\n").await?;
        Ok(str::from_utf8(&self.rest()[..end])?.into())
    }

    /// Requests `path` and hands over each chunk of the body.
    pub(crate) async fn get(&mut self, path: &str, mut chunk: impl FnMut(Chunk<'_>)) -> Result {
        self.get_until(path, |next| {
            chunk(next);
            ControlFlow::Continue(())
        })
        .await
    }

    /// Like [`Self::get`], and stops reading when `chunk` says so: good for nothing then but to be
    /// dropped.
    pub(crate) async fn get_until(
        &mut self,
        path: &str,
        mut chunk: impl FnMut(Chunk<'_>) -> ControlFlow<()>,
    ) -> Result {
        self.send(path).await?;
        match self.head().await? {
            Framing::Length(length) => {
                self.fill_to(length).await?;
                let _ = chunk(self.chunk(0, length));
                self.consumed += length;
            }
            Framing::Chunked => {
                while let Some((start, length)) = self.next_chunk().await? {
                    if chunk(self.chunk(start, length)).is_break() {
                        break;
                    }
                    self.consumed += start + length + 2;
                }
            }
        }
        Ok(())
    }

    /// Requests `path`, and returns the length of the body.
    pub(crate) async fn drain(&mut self, path: &str) -> Result<usize> {
        let mut length = 0;
        self.get(path, |chunk| length += chunk.data.len()).await?;
        Ok(length)
    }

    /// Requests `path` without reading the response.
    pub(crate) async fn send(&mut self, path: &str) -> Result {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\n{}\r\n",
            self.headers
        );
        Ok(self.stream.write_all(request.as_bytes()).await?)
    }

    async fn head(&mut self) -> Result<Framing> {
        let end = self.find(b"\r\n\r\n").await?;
        let head = str::from_utf8(&self.rest()[..end])?.to_ascii_lowercase();
        self.consumed += end + 4;
        if !head.starts_with("http/1.1 200 ") {
            return Err(format!("not a success: {head}").into());
        }
        if self.headers == GZIP && !head.contains("content-encoding: gzip") {
            return Err("not compressed".into());
        }
        let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
        match (header("content-length: "), header("transfer-encoding: ")) {
            (Some(length), None) => Ok(Framing::Length(length.parse()?)),
            (None, Some("chunked")) => Ok(Framing::Chunked),
            _ => Err(format!("neither a length nor chunks: {head}").into()),
        }
    }

    /// Where the next chunk's data starts, and its length; nothing after the last.
    async fn next_chunk(&mut self) -> Result<Option<(usize, usize)>> {
        let size_end = self.find(b"\r\n").await?;
        let size = str::from_utf8(&self.rest()[..size_end])?;
        let length = usize::from_str_radix(size, 16)?;
        let start = size_end + 2;
        self.fill_to(start + length + 2).await?;
        if &self.rest()[start + length..][..2] != b"\r\n" {
            return Err("a chunk that does not end where it should".into());
        }
        if length == 0 {
            self.consumed += start + 2;
            return Ok(None);
        }
        Ok(Some((start, length)))
    }

    fn chunk(&self, start: usize, length: usize) -> Chunk<'_> {
        let rest = self.rest();
        Chunk {
            data: &rest[start..][..length],
            reads: self.reads,
            ends_read: rest.len() <= start + length + 2,
            arrived: self.arrived,
        }
    }

    fn rest(&self) -> &[u8] {
        &self.buffer[self.consumed..]
    }

    /// Reads until `pattern` is there, and returns where.
    async fn find(&mut self, pattern: &[u8]) -> Result<usize> {
        loop {
            if let Some(position) = memmem::find(self.rest(), pattern) {
                return Ok(position);
            }
            self.fill().await?;
        }
    }

    async fn fill_to(&mut self, length: usize) -> Result {
        while self.rest().len() < length {
            self.fill().await?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result {
        self.buffer.drain(..self.consumed);
        self.consumed = 0;
        self.buffer.reserve(READ_SIZE);
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        self.reads += 1;
        self.arrived = monotonic_nanos();
        Ok(())
    }
}
