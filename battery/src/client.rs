//! HTTP/1.1 over a raw socket: a client that shows what is on the wire, sends what it wants, and
//! leaves when it wants.

use std::net::SocketAddr;

use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpSocket, TcpStream};

use crate::Tried;
use crate::row::failed;
use crate::wait::soon;

mod body;
mod read;
mod reply;

use body::Decoder;
pub use reply::{Ending, Head, Reply};

/// A connection.
#[derive(Debug)]
pub struct Client {
    stream: TcpStream,
    /// What was read and not yet understood.
    buffer: Vec<u8>,
    /// The response that is being read, once its head is complete.
    response: Option<(Head, Decoder)>,
    /// The end of the stream, once it was seen.
    end: Option<End>,
    /// Whether the next response has no body, because it answers HEAD.
    bodiless: bool,
}

/// How the other side ended the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It closed it.
    Closed,
    /// It reset it.
    Reset,
}

/// How a client leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leave {
    /// It closes the connection.
    Fin,
    /// It resets it.
    Rst,
}

impl Client {
    /// Connects.
    ///
    /// # Errors
    /// If the server does not listen.
    pub async fn open(server: SocketAddr) -> Tried<Self> {
        Self::connect(server, None).await
    }

    /// Connects with a small receive buffer, so that the server soon notices when this does not
    /// read.
    ///
    /// # Errors
    /// If the server does not listen.
    pub async fn small(server: SocketAddr) -> Tried<Self> {
        Self::connect(server, Some(16 << 10)).await
    }

    async fn connect(server: SocketAddr, receive_buffer: Option<u32>) -> Tried<Self> {
        let socket = TcpSocket::new_v4().map_err(failed)?;
        if let Some(size) = receive_buffer {
            socket.set_recv_buffer_size(size).map_err(failed)?;
        }
        let stream = soon("a connection", socket.connect(server)).await?;
        let stream = stream.map_err(|error| format!("cannot connect: {error}"))?;
        stream.set_nodelay(true).map_err(failed)?;
        Ok(Self {
            stream,
            buffer: Vec::new(),
            response: None,
            end: None,
            bodiless: false,
        })
    }

    /// Sends bytes.
    ///
    /// # Errors
    /// If the connection is closed.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> Tried {
        let bytes = bytes.as_ref();
        self.bodiless |= bytes.starts_with(b"HEAD ");
        let sent = soon("room to send", self.stream.write_all(bytes)).await?;
        sent.map_err(|error| format!("cannot send: {error}"))
    }

    /// Sends `GET path`.
    ///
    /// # Errors
    /// If the connection is closed.
    pub async fn get(&mut self, path: &str) -> Tried {
        self.send(format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n"))
            .await
    }

    /// Connects, sends `GET path` and reads the response to its end.
    ///
    /// # Errors
    /// If there is none.
    pub async fn ask(server: SocketAddr, path: &str) -> Tried<Reply> {
        let mut client = Self::open(server).await?;
        client.get(path).await?;
        client.reply().await
    }

    /// Connects, sends these bytes and reads the response to its end.
    ///
    /// # Errors
    /// If there is none.
    pub async fn exchange(server: SocketAddr, request: impl AsRef<[u8]>) -> Tried<Reply> {
        let mut client = Self::open(server).await?;
        client.send(request).await?;
        client.reply().await
    }

    /// Sends nothing more, and goes on reading.
    ///
    /// # Errors
    /// If the connection is closed.
    pub async fn finish_sending(&mut self) -> Tried {
        self.stream.shutdown().await.map_err(failed)
    }

    /// Leaves.
    ///
    /// # Errors
    /// If the socket cannot be told to reset.
    pub fn leave(self, how: Leave) -> Tried {
        match how {
            Leave::Fin => Ok(()),
            Leave::Rst => self.stream.set_zero_linger().map_err(failed),
        }
    }
}
