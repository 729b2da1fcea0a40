//! A client that shows what is on the wire.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};

pub(crate) struct Client {
    stream: TcpStream,
    /// What was read and not looked at.
    received: Vec<u8>,
}

impl Client {
    pub(crate) async fn connect(server: SocketAddr) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        // Small, so that a client that does not read is soon noticed.
        socket.set_recv_buffer_size(16 << 10).unwrap();
        Self {
            stream: socket.connect(server).await.unwrap(),
            received: Vec::new(),
        }
    }

    pub(crate) async fn send(&mut self, bytes: &str) {
        self.stream.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// Sends as long as the server takes it.
    pub(crate) async fn try_send(&mut self, bytes: &str) -> io::Result<()> {
        self.stream.write_all(bytes.as_bytes()).await
    }

    /// Sends nothing more, and goes on reading.
    pub(crate) async fn finish_sending(&mut self) {
        self.stream.shutdown().await.unwrap();
    }

    /// Reads up to `text` and returns what came, `text` included.
    pub(crate) async fn read_to(&mut self, text: &str) -> String {
        let text = text.as_bytes();
        loop {
            let found = self
                .received
                .windows(text.len())
                .position(|part| part == text);
            if let Some(at) = found {
                let rest = self.received.split_off(at + text.len());
                let read = std::mem::replace(&mut self.received, rest);
                return String::from_utf8(read).unwrap();
            }
            let read = self.stream.read_buf(&mut self.received).await.unwrap();
            let text = String::from_utf8_lossy(text);
            assert_ne!(read, 0, "the connection ended before {text:?}");
        }
    }

    /// Reads so many bytes.
    pub(crate) async fn read(&mut self, len: usize) -> String {
        while self.received.len() < len {
            let read = self.stream.read_buf(&mut self.received).await.unwrap();
            assert_ne!(read, 0, "the connection ended before {len} bytes");
        }
        let rest = self.received.split_off(len);
        let read = std::mem::replace(&mut self.received, rest);
        String::from_utf8(read).unwrap()
    }

    /// Reads to the end: an error if it is a reset.
    pub(crate) async fn rest(&mut self) -> io::Result<String> {
        self.stream.read_to_end(&mut self.received).await?;
        Ok(String::from_utf8(std::mem::take(&mut self.received)).unwrap())
    }

    /// Reads a byte at a time, each when asked for.
    pub(crate) async fn byte(&mut self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        let read = self.stream.read(&mut byte).await?;
        Ok((read > 0).then_some(byte[0]))
    }

    /// Resets the connection.
    pub(crate) fn reset(self) {
        self.stream.set_zero_linger().unwrap();
    }
}

/// The status of a response.
pub(crate) fn status(response: &str) -> &str {
    response.split(' ').nth(1).unwrap_or_default()
}
