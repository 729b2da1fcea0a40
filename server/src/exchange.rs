//! One request and its response on an HTTP/2 connection.
//!
//! Each stream has a window of its own, so one client behind a proxy may stop reading while
//! others on the same connection go on: what ends then is the stream, not the connection.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use anabranch_engine::{Connection, End};
use futures_util::task::AtomicWaker;
use hyper::rt::Executor;
use pin_project::{pin_project, pinned_drop};

use crate::credit::Stall;
use crate::line::Line;

/// One stream.
#[derive(Debug)]
pub(crate) struct Exchange {
    pub(crate) connection: Connection,
    pub(crate) stall: Stall,
    task: AtomicWaker,
}

impl Exchange {
    fn new(line: &Line) -> Arc<Self> {
        let of_line = &line.connection;
        Arc::new(Self {
            connection: Connection::new(of_line.peer(), of_line.drain().clone()),
            stall: Stall::default(),
            task: AtomicWaker::new(),
        })
    }

    pub(crate) fn look_after(&self, now: u64) {
        if self.stall.is_past(now) {
            self.connection.end_for(End::Stalled);
            self.task.wake();
        }
    }
}

/// Runs the streams of one connection, each as a task.
#[derive(Clone, Debug)]
pub(crate) struct Streams {
    line: Arc<Line>,
    /// hyper calls the service and hands over the stream's future right after; this is where the
    /// two meet.
    next: Arc<Mutex<Option<Arc<Exchange>>>>,
}

impl Streams {
    pub(crate) fn new(line: Arc<Line>) -> Self {
        Self {
            line,
            next: Arc::default(),
        }
    }

    /// The exchange of the request that is being called.
    pub(crate) fn open(&self) -> Arc<Exchange> {
        let exchange = Exchange::new(&self.line);
        self.line.add(exchange.clone());
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange.clone());
        exchange
    }
}

impl<F> Executor<F> for Streams
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: F) {
        let exchange = self
            .next
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match exchange {
            Some(exchange) => drop(tokio::spawn(Stream {
                stream,
                exchange,
                line: self.line.clone(),
            })),
            // What hyper runs beside streams: an upgrade.
            None => drop(tokio::spawn(stream)),
        }
    }
}

/// A stream's future, until its exchange is ended. Dropping hyper's resets the stream.
#[pin_project(PinnedDrop)]
struct Stream<F> {
    #[pin]
    stream: F,
    exchange: Arc<Exchange>,
    line: Arc<Line>,
}

impl<F: Future<Output = ()>> Future for Stream<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        this.exchange.task.register(cx.waker());
        if this.exchange.connection.end().is_some() {
            return Poll::Ready(());
        }
        this.stream.poll(cx)
    }
}

#[pinned_drop]
impl<F> PinnedDrop for Stream<F> {
    fn drop(self: Pin<&mut Self>) {
        self.line.remove(&self.exchange);
    }
}
