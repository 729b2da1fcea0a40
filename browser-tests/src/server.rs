//! The server of a test: its own port, its own thread, and a switch that cuts its connections.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::serve::Listener;
use tokio::sync::oneshot;

use crate::{Error, Gates, Result};

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
    pub fn start(app: Router, gates: &Gates) -> Result<Self> {
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
        let app = app.merge(gates.routes());
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
        for connection in self.connections.take() {
            // An error means that the connection is closed already.
            let _ = connection.shutdown(Shutdown::Both);
        }
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

/// Second handles of the accepted sockets, through which they can be shut down.
#[derive(Clone, Debug, Default)]
struct Connections(Arc<Mutex<Vec<TcpStream>>>);

impl Connections {
    fn add(&self, connection: TcpStream) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(connection);
    }

    fn take(&self) -> Vec<TcpStream> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A listener that keeps a second handle of each socket it accepts.
struct Cuttable {
    listener: tokio::net::TcpListener,
    open: Connections,
}

impl Listener for Cuttable {
    type Io = tokio::net::TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (socket, address) = Listener::accept(&mut self.listener).await;
            if let Ok(socket) = self.watch(socket) {
                return (socket, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

impl Cuttable {
    fn watch(&self, socket: tokio::net::TcpStream) -> io::Result<tokio::net::TcpStream> {
        // Each frame must leave at once, or the test measures Nagle's algorithm.
        socket.set_nodelay(true)?;
        let socket = socket.into_std()?;
        self.open.add(socket.try_clone()?);
        tokio::net::TcpStream::from_std(socket)
    }
}
