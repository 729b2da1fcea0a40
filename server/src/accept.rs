//! The accept loop: connections in, ticks, and the way to the end.

use std::convert::Infallible;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::Request;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};
use tower::Service;

use crate::Listener;
use crate::connection::serve;
use crate::limits::{IDLE_UNDER_PRESSURE, LAST_WORDS, Limits, after};
use crate::line::Patience;
use crate::shutdown::Stop;
use crate::switchboard::Switchboard;

/// Serves until it is stopped, and every connection has ended.
pub(crate) async fn accept<L, S>(listener: L, app: S, limits: Limits, mut stop: Stop)
where
    L: Listener,
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    let mut server = Running {
        app,
        places: Arc::new(Semaphore::new(
            limits.max_connections.min(Semaphore::MAX_PERMITS),
        )),
        ticks: interval(limits.tick()),
        switchboard: Switchboard::new(limits),
        connections: JoinSet::new(),
        pressed: None,
        told: None,
    };
    server
        .ticks
        .set_missed_tick_behavior(MissedTickBehavior::Delay);
    let by = server.run(&listener, &mut stop).await;
    server.take_backlog(listener);
    let open = server.switchboard.open();
    tracing::info!(signal = by, connections = open, "stopping");
    server.switchboard.stop();
    tokio::select! {
        biased;
        again = stop.wait() => leave(again),
        () = server.drain() => tracing::info!("stopped"),
    }
}

/// Ends the process, which was told twice.
fn leave(signal: Option<i32>) -> ! {
    let number = signal.unwrap_or_default();
    tracing::warn!(signal = number, "stopped again: leaving at once");
    // The convention of shells for a process that a signal has ended.
    std::process::exit(128 + number);
}

/// A server while it runs.
struct Running<S> {
    app: S,
    switchboard: Arc<Switchboard>,
    /// One for each connection that may be open.
    places: Arc<Semaphore>,
    connections: JoinSet<()>,
    ticks: tokio::time::Interval,
    /// Until when to take no connection, because the system has no room for another.
    pressed: Option<Instant>,
    /// When the log was last told of it.
    told: Option<Instant>,
}

/// How long to wait for room when the system has none.
const PAUSE: Duration = Duration::from_millis(100);

/// How often the log is told of it.
const TELL: Duration = Duration::from_secs(10);

impl<S> Running<S>
where
    S: Service<Request<Body>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
{
    /// Accepts until it is stopped. Returns the signal, if one did.
    async fn run<L: Listener>(&mut self, listener: &L, stop: &mut Stop) -> Option<i32> {
        let mut place = None;
        loop {
            tokio::select! {
                biased;
                by = stop.wait() => return by,
                // Who has nobody to look after sleeps.
                _ = self.ticks.tick(), if !self.connections.is_empty() => {
                    self.tick(place.is_none());
                }
                Some(ended) = self.connections.join_next() => note(ended),
                () = until(self.pressed) => self.pressed = None,
                Ok(free) = self.places.clone().acquire_owned(), if place.is_none() => {
                    place = Some(free);
                }
                accepted = poll_fn(|cx| listener.poll_accept(cx)),
                    if place.is_some() && self.pressed.is_none() =>
                {
                    match (accepted, place.take()) {
                        (Ok((socket, peer)), Some(free)) => self.spawn(socket, peer, free),
                        (Err(error), free) => {
                            place = free;
                            self.refused(&error);
                        }
                        (Ok(_), None) => {}
                    }
                }
            }
        }
    }

    fn spawn<T: crate::listener::sealed::Socket>(
        &mut self,
        socket: T,
        peer: Option<std::net::SocketAddr>,
        place: OwnedSemaphorePermit,
    ) {
        if self.connections.is_empty() {
            // The clock stood still. What it says now is when this one came.
            self.tick(false);
            self.ticks.reset();
        }
        let connection = serve(
            socket,
            peer,
            place,
            self.app.clone(),
            self.switchboard.clone(),
        );
        self.connections.spawn(connection);
    }

    /// Closes the listener. What the kernel has accepted is answered too.
    fn take_backlog<L: Listener>(&mut self, listener: L) {
        let backlog = match listener.into_backlog() {
            Ok(backlog) => backlog,
            Err(error) => return self.refused(&error),
        };
        // Bounded, so that clients that keep coming do not keep the server from its end.
        for accepted in backlog.take(self.places.available_permits()) {
            match (accepted, self.places.clone().try_acquire_owned()) {
                (Ok((socket, peer)), Ok(place)) => self.spawn(socket, peer, place),
                (Ok(_), Err(_)) => return,
                (Err(error), _) if has_left(&error) => {}
                (Err(error), _) => return self.refused(&error),
            }
        }
    }

    fn tick(&self, is_full: bool) {
        let limits = &self.switchboard.limits;
        let idle = if is_full || self.pressed.is_some() {
            limits.idle_timeout.min(IDLE_UNDER_PRESSURE)
        } else {
            limits.idle_timeout
        };
        self.switchboard.tick(&Patience {
            head: limits.head_timeout,
            idle,
        });
    }

    /// Tells of a connection that could not be accepted, and waits if others would fare alike.
    fn refused(&mut self, error: &io::Error) {
        if has_left(error) {
            return;
        }
        let now = Instant::now();
        self.pressed = Some(now + PAUSE);
        if self.told.is_none_or(|told| now - told >= TELL) {
            self.told = Some(now);
            tracing::error!(
                %error,
                connections = self.connections.len(),
                "cannot accept connections; if files ran out, raise the limit (LimitNOFILE, \
                 ulimit -n) or lower max_connections"
            );
        }
    }

    /// Waits for the end of all connections: by themselves, then with what is pending timed out,
    /// then without mercy.
    async fn drain(&mut self) {
        let deadline = after(Instant::now(), self.switchboard.limits.drain);
        if self.all_ended(deadline).await {
            return;
        }
        let open = self.switchboard.open();
        tracing::warn!(connections = open, "the drain deadline is over");
        self.switchboard.drain.end_pages();
        if self.all_ended(deadline + LAST_WORDS).await {
            return;
        }
        self.switchboard.end_all();
        if self.all_ended(deadline + LAST_WORDS + LAST_WORDS).await {
            return;
        }
        let open = self.connections.len();
        tracing::error!(
            connections = open,
            "connections do not end: their app blocks its thread"
        );
        self.connections.shutdown().await;
    }

    /// Whether all connections have ended by `deadline`.
    async fn all_ended(&mut self, deadline: Instant) -> bool {
        loop {
            tokio::select! {
                biased;
                ended = self.connections.join_next() => match ended {
                    Some(ended) => note(ended),
                    None => return true,
                },
                _ = self.ticks.tick() => self.tick(false),
                () = sleep_until(deadline) => return false,
            }
        }
    }
}

async fn until(pressed: Option<Instant>) {
    match pressed {
        Some(end) => sleep_until(end).await,
        None => std::future::pending().await,
    }
}

/// Whether a client left before its turn.
fn has_left(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}

/// A connection's task that panics took only its connection along.
fn note(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a connection panicked");
    }
}
