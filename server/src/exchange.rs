//! One request and its response on an HTTP/2 connection.
//!
//! Each stream has a window of its own, so one client behind a proxy may stop reading while
//! others on the same connection go on: what ends then is the stream, not the connection.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread::{self, ThreadId};

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
    /// hyper calls the service and hands over the stream's future right after, on the same thread;
    /// this is where the two meet.
    next: Arc<Mutex<Called>>,
}

/// A request whose stream is to follow, and the thread that calls.
type Called = Option<(ThreadId, Arc<Exchange>)>;

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
        *self.next() = Some((thread::current().id(), exchange.clone()));
        exchange
    }

    fn next(&self) -> MutexGuard<'_, Called> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<F> Executor<F> for Streams
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: F) {
        // A stream that becomes a tunnel hands that over from a thread of its own.
        let next = self
            .next()
            .take_if(|(thread, _)| *thread == thread::current().id());
        match next {
            Some((_, exchange)) => drop(tokio::spawn(Stream {
                stream,
                exchange,
                line: self.line.clone(),
            })),
            // What hyper runs beside streams: a tunnel, as that of a WebSocket.
            None => {
                let open = Tunnel::open(self.line.clone());
                drop(tokio::spawn(async move {
                    let _open = open;
                    stream.await;
                }));
            }
        }
    }
}

/// A tunnel, which keeps its connection from being idle.
pub(crate) struct Tunnel(Arc<Line>);

impl Tunnel {
    pub(crate) fn open(line: Arc<Line>) -> Self {
        line.begin();
        Self(line)
    }
}

impl Drop for Tunnel {
    fn drop(&mut self) {
        self.0.finish();
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
