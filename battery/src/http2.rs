//! HTTP/2, by hyper's client.

use std::net::{Shutdown, SocketAddr};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http2::{Builder, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::net::TcpStream;

use crate::Tried;
use crate::row::failed;
use crate::wait::soon;

/// A connection. Dropping it closes it.
#[derive(Debug)]
pub struct Http2 {
    server: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
    /// A second handle, since hyper keeps the first for as long as a response is open.
    socket: std::net::TcpStream,
}

impl Http2 {
    /// Connects, with the windows of hyper's defaults.
    ///
    /// # Errors
    /// If the server does not listen or does not speak HTTP/2.
    pub async fn open(server: SocketAddr) -> Tried<Self> {
        Self::with(server, &Builder::new(TokioExecutor::new())).await
    }

    /// Connects with windows of this size for each response and for all together.
    ///
    /// # Errors
    /// If the server does not listen or does not speak HTTP/2.
    pub async fn with_windows(server: SocketAddr, window: u32) -> Tried<Self> {
        let mut builder = Builder::new(TokioExecutor::new());
        builder
            .timer(TokioTimer::new())
            .initial_stream_window_size(window)
            .initial_connection_window_size(window);
        Self::with(server, &builder).await
    }

    async fn with(server: SocketAddr, builder: &Builder<TokioExecutor>) -> Tried<Self> {
        let stream = soon("a connection", TcpStream::connect(server)).await?;
        let stream = stream.and_then(TcpStream::into_std).map_err(failed)?;
        let socket = stream.try_clone().map_err(failed)?;
        let stream = TokioIo::new(TcpStream::from_std(stream).map_err(failed)?);
        let shaken = soon("a handshake", builder.handshake(stream)).await?;
        let (sender, connection) = shaken.map_err(failed)?;
        // Its end shows at the requests that were on it.
        tokio::spawn(async move { connection.await.ok() });
        Ok(Self {
            server,
            sender,
            socket,
        })
    }

    /// Sends `GET path` and reads the head of the response.
    ///
    /// # Errors
    /// If there is none.
    pub async fn get(&mut self, path: &str) -> Tried<Response<Incoming>> {
        let uri = format!("http://{}{path}", self.server);
        let request = Request::get(uri).body(Full::default()).map_err(failed)?;
        soon("a response", self.send(request)).await?
    }

    /// Sends a request and reads the head of the response.
    ///
    /// # Errors
    /// If there is none.
    pub async fn send(&mut self, request: Request<Full<Bytes>>) -> Tried<Response<Incoming>> {
        soon("a connection that is ready", self.sender.ready())
            .await?
            .map_err(failed)?;
        self.sender.send_request(request).await.map_err(failed)
    }
}

impl Drop for Http2 {
    fn drop(&mut self) {
        // It may be closed already.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

/// Reads until the body contains `text`, and returns what was read.
///
/// # Errors
/// If the response ends before.
pub async fn read_to(body: &mut Incoming, text: &str) -> Tried<Vec<u8>> {
    let mut read = Vec::new();
    while memchr::memmem::find(&read, text.as_bytes()).is_none() {
        let frame = soon(text, body.frame()).await?;
        let frame = frame.ok_or_else(|| format!("the response ended before {text}"))?;
        read.extend(frame.map_err(failed)?.into_data().unwrap_or_default());
    }
    Ok(read)
}

/// Reads the body to its end.
///
/// # Errors
/// If it is cut.
pub async fn read_all(body: Incoming) -> Tried<Bytes> {
    let body = soon("the end of the body", body.collect()).await?;
    Ok(body.map_err(failed)?.to_bytes())
}
