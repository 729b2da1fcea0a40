//! A client that shows what is on the wire, and can leave whenever it wants.

use std::net::SocketAddr;

use anabranch_paint::dom;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

/// A connection with one request on it.
pub(crate) struct Client {
    stream: TcpStream,
    /// Everything that has been read.
    received: Vec<u8>,
}

/// A response that has been read to its end.
pub(crate) struct Reply {
    /// Status line and headers, in lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

/// How a client leaves.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Leave {
    /// Closes the connection properly.
    Fin,
    /// Resets it.
    Rst,
}

impl Client {
    /// Sends `GET path` as a browser does.
    pub(crate) async fn get(server: SocketAddr, path: &str) -> Self {
        Self::send(server, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n")).await
    }

    /// Sends a request head, of which the last lines are added here.
    pub(crate) async fn send(server: SocketAddr, head: &str) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Small, so that a client that does not read is soon noticed.
        socket.set_recv_buffer_size(16 << 10).unwrap();
        let mut stream = socket.connect(server).await.unwrap();
        let request = format!("{head}connection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        Self {
            stream,
            received: Vec::new(),
        }
    }

    /// Reads until `text` has arrived, and no more than that takes.
    pub(crate) async fn read_to(&mut self, text: &str) {
        let mut looked_at = 0;
        loop {
            let fresh = &self.received[looked_at..];
            if fresh
                .windows(text.len())
                .any(|found| found == text.as_bytes())
            {
                return;
            }
            looked_at = self.received.len().saturating_sub(text.len());
            let read = self.stream.read_buf(&mut self.received).await.unwrap();
            assert_ne!(read, 0, "the response ended before {text}");
        }
    }

    pub(crate) fn leave(self, how: Leave) {
        if let Leave::Rst = how {
            self.stream.set_zero_linger().unwrap();
        }
    }

    /// Reads to the end.
    pub(crate) async fn reply(mut self) -> Reply {
        self.stream.read_to_end(&mut self.received).await.unwrap();
        let text = String::from_utf8(self.received).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let head = head.to_lowercase();
        let chunked = head.contains("\r\ntransfer-encoding: chunked");
        let body = if chunked {
            without_chunks(body)
        } else {
            body.to_owned()
        };
        Reply { head, body }
    }
}

impl Reply {
    pub(crate) fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    /// The values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let lines = self.head.lines().skip(1);
        let pairs = lines.filter_map(|line| line.split_once(": "));
        pairs
            .filter_map(|(key, value)| (key == name).then_some(value))
            .collect()
    }

    /// The document of a page that was streamed.
    pub(crate) fn assembled(&self) -> String {
        let assembled = dom::assemble(self.body.as_bytes());
        assembled.unwrap().html().to_owned()
    }
}

fn without_chunks(mut rest: &str) -> String {
    let mut body = String::with_capacity(rest.len());
    loop {
        let (size, after) = rest.split_once("\r\n").unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return body;
        }
        body.push_str(&after[..size]);
        rest = after[size..].strip_prefix("\r\n").unwrap();
    }
}
