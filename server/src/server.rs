//! The server and its builder.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use tower::{Layer as _, Service};

use crate::accept::accept;
use crate::limits::{Limits, SMALLEST_HEAD};
use crate::shutdown::Stop;
use crate::{Layers, Listener};

/// Serves `app` with the defaults of [`Server`], until SIGTERM or SIGINT.
///
/// ```no_run
/// # async fn example(app: axum::Router) -> std::io::Result<()> {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// anabranch_server::serve(listener, app).await
/// # }
/// ```
///
/// # Errors
/// If signals cannot be listened for. What a connection does is no error of the server's.
///
/// # Panics
/// Outside a tokio runtime with I/O and time.
///
/// # Cancel safety
/// Dropping the future closes the listener and every connection at once.
pub async fn serve<L, S>(listener: L, app: S) -> io::Result<()>
where
    L: Listener,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    Server::new().serve(listener, app).await
}

/// An HTTP/1.1 and HTTP/2 server that can be left alone.
///
/// Every cost that a client can cause has a limit, and each limit a default that suits pages. The
/// server stops on SIGTERM or SIGINT: it accepts no more, lets open responses end, times out what
/// is pending at the drain deadline, and returns. A second signal ends the process.
///
/// ```no_run
/// use std::time::Duration;
/// use anabranch_server::Server;
///
/// # async fn example(app: axum::Router) -> std::io::Result<()> {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
/// Server::new()
///     .max_connections(2_000)
///     .drain(Duration::from_secs(5))
///     .serve(listener, app)
///     .await
/// # }
/// ```
#[must_use = "a server serves when `.serve(…)` is awaited"]
pub struct Server {
    limits: Limits,
    layers: Option<Layers>,
    stop: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl Server {
    /// A server with the defaults that each method names.
    pub fn new() -> Self {
        Self {
            limits: Limits::default(),
            layers: Some(Layers::new()),
            stop: None,
        }
    }

    /// How long a client may take from its connection, or from the first byte of its next
    /// request, until the head of the request is complete. Then the connection is closed, so
    /// that heads which trickle in do not use up the connections. On HTTP/2 it is the time to the
    /// first request. Default: 10 seconds.
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.limits.head_timeout = timeout;
        self
    }

    /// How long a connection may wait between two requests. Longer than a proxy in front keeps
    /// its own idle connections (nginx: 60 seconds), so that the proxy closes first and never
    /// sends a request into a connection that is being closed. While all connections are taken
    /// it is 5 seconds at most. Default: 75 seconds.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.limits.idle_timeout = timeout;
        self
    }

    /// How long data may wait for a client that does not read. Waiting uses it up, reading at
    /// [`min_rate`](Self::min_rate) earns it back. A client that runs out is disconnected; on
    /// HTTP/2, the one response that it does not read is reset. A response that waits for the app
    /// is not affected. Default: 30 seconds.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.limits.stall_timeout = timeout;
        self
    }

    /// Bytes per second below which a client that has data waiting runs out of time. Default:
    /// 1,024.
    pub fn min_rate(mut self, bytes: u64) -> Self {
        self.limits.min_rate = bytes;
        self
    }

    /// How many connections may be open. More wait, unaccepted, until one is closed. Default:
    /// 10,000, or what the limit of open files (`ulimit -n`) leaves.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.limits.max_connections = connections.max(1);
        self
    }

    /// How many bytes the head of a request may have; a larger one is answered 431. At least 8
    /// KiB. A head may have 100 fields. Default: 64 KiB.
    pub fn max_head(mut self, bytes: usize) -> Self {
        self.limits.max_head = bytes.max(SMALLEST_HEAD);
        self
    }

    /// How long responses may go on after the signal to stop. Then pending boundaries show their
    /// timeout views and pages end properly; what is still open 2 seconds later is cut. Below
    /// what the supervisor allows before it kills: systemd 90 seconds, Kubernetes 30, Docker 10.
    /// Default: 20 seconds.
    pub fn drain(mut self, deadline: Duration) -> Self {
        self.limits.drain = deadline;
        self
    }

    /// Puts axum's `ConnectInfo<SocketAddr>` into the extensions of each request that comes over
    /// TCP, for extractors and middleware that look for it. The address is also in
    /// [`Connection`](crate::Connection), which is always there. Default: no.
    pub fn connect_info(mut self) -> Self {
        self.limits.connect_info = true;
        self
    }

    /// Stops when `stop` completes, instead of on SIGTERM and SIGINT.
    pub fn shutdown_on(mut self, stop: impl Future<Output = ()> + Send + 'static) -> Self {
        self.stop = Some(Box::pin(stop));
        self
    }

    /// Puts these layers around the app. Default: [`Layers::new`].
    pub fn layers(mut self, layers: Layers) -> Self {
        self.layers = Some(layers);
        self
    }

    /// Serves the app as it is.
    pub fn without_layers(mut self) -> Self {
        self.layers = None;
        self
    }

    /// Serves `app` to whoever connects to `listener`, until it is stopped. Requests have their
    /// [`Connection`](crate::Connection) in their extensions. It installs the [panic hook] that
    /// tells the ids of errors.
    ///
    /// [panic hook]: anabranch_boundaries::panic::install_hook
    ///
    /// # Errors
    /// If signals cannot be listened for.
    ///
    /// # Panics
    /// Outside a tokio runtime with I/O and time.
    ///
    /// # Cancel safety
    /// Dropping the future closes the listener and every connection at once.
    pub async fn serve<L, S>(self, listener: L, app: S) -> io::Result<()>
    where
        L: Listener,
        S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
        S::Future: Send,
    {
        anabranch_boundaries::panic::install_hook();
        let stop = match self.stop {
            Some(stop) => Stop::On(stop),
            None => Stop::signals()?,
        };
        match self.layers {
            Some(layers) => accept(listener, layers.layer(app), self.limits, stop).await,
            None => accept(listener, app, self.limits, stop).await,
        }
        Ok(())
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("limits", &self.limits)
            .field("layers", &self.layers)
            .finish_non_exhaustive()
    }
}
