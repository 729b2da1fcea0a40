//! The server of a test: its own port, its own thread, and a switch that cuts its connections.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::serve::Listener;
use tokio::sync::oneshot;

use self::connections::{Connections, Watched};
use crate::{Error, Gates, Result};

mod connections;

/// An app that is served on a free port of the loopback interface until this is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    connections: Connections,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Serves `app`, and the routes of `gates` beside it.
    ///
    /// # Errors
    /// When no port can be bound or no thread started.
    ///
    /// # Panics
    /// When the app has a route of its own where the gates have theirs.
    pub fn start(app: Router, gates: &Gates) -> Result<Self> {
        Self::of(app.merge(gates.routes()))
    }

    /// Serves `app` and nothing else.
    pub(crate) fn of(app: Router) -> Result<Self> {
        let cannot = |error: io::Error| Error::because("cannot start the test server", error);
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot)?;

        let connections = Connections::default();
        let open = connections.clone();
        let (stop, stopped) = oneshot::channel();
        let serve = async move {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let serving = axum::serve(Cuttable { listener, open }, app).into_future();
            tokio::select! {
                served = serving => served,
                _ = stopped => Ok(()),
            }
        };
        let thread = thread::Builder::new()
            .name("test server".into())
            // `axum::serve` returns no error of its own, and one from the listener shows in the
            // browser as a refused connection.
            .spawn(move || drop(runtime.block_on(serve)))
            .map_err(cannot)?;

        Ok(Self {
            address,
            connections,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The URL of a path, such as `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts every open connection, as a crash of the server or the network would: a response that
    /// is under way ends without its terminating chunk.
    pub fn cut(&self) {
        self.connections.cut();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the app has been printed where it happened.
            let _ = thread.join();
        }
    }
}

/// A listener whose connections can be cut.
struct Cuttable {
    listener: tokio::net::TcpListener,
    open: Connections,
}

impl Listener for Cuttable {
    type Io = Watched;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (socket, address) = Listener::accept(&mut self.listener).await;
            if let Ok(socket) = self.open.watch(socket) {
                return (socket, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use axum::body::{Body, Bytes};
    use axum::routing::get;
    use futures_util::{StreamExt, stream};
    use tokio::task::yield_now;

    use super::*;

    async fn panics() {
        panic!("on purpose");
    }

    async fn fails_midway() -> Body {
        let frames = [Ok(Bytes::from("half")), Err(io::Error::other("on purpose"))];
        Body::from_stream(stream::iter(frames).then(async |frame| {
            // What came before leaves meanwhile.
            yield_now().await;
            frame
        }))
    }

    /// All that the server sends until it closes the connection.
    fn answer(server: &Server, path: &str) -> String {
        let mut client = TcpStream::connect(server.address()).unwrap();
        let limit = Some(Duration::from_secs(20));
        client.set_read_timeout(limit).unwrap();
        write!(client, "GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n").unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_connection_that_the_app_drops_is_closed() {
        let app = Router::new()
            .route("/panic", get(panics))
            .route("/half", get(fails_midway));
        let server = Server::start(app, &Gates::new()).unwrap();

        assert_eq!(answer(&server, "/panic"), "");
        let half = answer(&server, "/half");
        assert!(
            half.contains("half") && !half.ends_with("0\r\n\r\n"),
            "{half}"
        );
        assert!(server.connections.open().is_empty());
    }
}
