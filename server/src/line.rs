//! What the server knows of a connection while it is open: what it is doing, since when, and
//! whether it has to end.
//!
//! There is no timer per connection or request: they note the time of what they do, and the
//! [`Switchboard`](crate::switchboard) looks after all of them at every tick. To note is a store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Context;
use std::time::Duration;

use anabranch_engine::{Connection, End};
use futures_util::task::AtomicWaker;

use crate::credit::Stall;
use crate::exchange::Exchange;
use crate::switchboard::{Clock, Switchboard};

/// One connection.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) connection: Connection,
    pub(crate) switchboard: Arc<Switchboard>,
    /// Requests that were read and whose responses have not ended.
    open: AtomicU32,
    /// Whether it has brought no request yet.
    is_new: AtomicBool,
    /// Whether the head that was read last can be taken for one request only.
    has_accepted_head: AtomicBool,
    /// Whether the end of a response is the end of the connection, so that only a reset tells a
    /// part from the whole.
    ends_by_close: AtomicBool,
    was_cut: AtomicBool,
    /// Whether the last request had a body.
    has_body: AtomicBool,
    /// Whether bytes of the next head have arrived.
    reading_head: AtomicBool,
    /// Whether there may be a part of a response that the socket has not taken.
    has_unsent: AtomicBool,
    /// Whether the bytes are the app's, as those of a WebSocket.
    is_tunnel: AtomicBool,
    /// Since when it has waited for the next request, or has been accepted: milliseconds.
    waiting_since: AtomicU64,
    /// Of a write that does not get on.
    pub(crate) stall: Stall,
    /// Of the connection's task.
    task: AtomicWaker,
    /// Of the tasks of the app's that read and write a tunnel.
    tunnel: [AtomicWaker; 2],
    /// Responses of an HTTP/2 connection, each with a window of its own.
    exchanges: Mutex<Vec<Arc<Exchange>>>,
}

/// Who waits at a tunnel: the app has halves of it in tasks of their own, at will.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    Reader,
    Writer,
}

/// For how long a connection may do what it does.
pub(crate) struct Patience {
    pub(crate) head: Duration,
    pub(crate) idle: Duration,
}

impl Line {
    pub(crate) fn new(connection: Connection, switchboard: Arc<Switchboard>) -> Arc<Self> {
        let now = switchboard.clock.now();
        Arc::new(Self {
            connection,
            switchboard,
            open: AtomicU32::new(0),
            is_new: AtomicBool::new(true),
            has_accepted_head: AtomicBool::new(false),
            ends_by_close: AtomicBool::new(false),
            was_cut: AtomicBool::new(false),
            has_body: AtomicBool::new(false),
            reading_head: AtomicBool::new(true),
            has_unsent: AtomicBool::new(false),
            is_tunnel: AtomicBool::new(false),
            waiting_since: AtomicU64::new(now),
            stall: Stall::default(),
            task: AtomicWaker::new(),
            tunnel: Default::default(),
            exchanges: Mutex::default(),
        })
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.switchboard.clock
    }

    /// The task of the connection, to be woken for an end.
    pub(crate) fn task(&self) -> &AtomicWaker {
        &self.task
    }

    /// A request was read.
    pub(crate) fn begin(&self) {
        self.open.fetch_add(1, Relaxed);
        self.is_new.store(false, Relaxed);
        self.reading_head.store(false, Relaxed);
    }

    /// A response has ended, or will never come.
    pub(crate) fn finish(&self) {
        self.waiting_since.store(self.clock().now(), Relaxed);
        self.open.fetch_sub(1, Relaxed);
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.load(Relaxed) > 0
    }

    /// Whether it has brought no request yet.
    pub(crate) fn is_new(&self) -> bool {
        self.is_new.load(Relaxed)
    }

    /// A head was read to its end, and can be taken for one request only.
    pub(crate) fn accept_head(&self) {
        self.has_accepted_head.store(true, Relaxed);
    }

    /// Whether a head was accepted, once.
    pub(crate) fn take_accepted_head(&self) -> bool {
        self.has_accepted_head.swap(false, Relaxed)
    }

    /// The request has a body, which the app may leave unread.
    pub(crate) fn set_has_body(&self, has_body: bool) {
        self.has_body.store(has_body, Relaxed);
    }

    pub(crate) fn has_body(&self) -> bool {
        self.has_body.load(Relaxed)
    }

    pub(crate) fn set_ends_by_close(&self, ends_by_close: bool) {
        self.ends_by_close.store(ends_by_close, Relaxed);
    }

    /// A response was given up in its middle.
    pub(crate) fn cut(&self) {
        self.was_cut.store(true, Relaxed);
    }

    /// Whether closing now would pass for the end of a response that is not complete.
    pub(crate) fn would_lie(&self) -> bool {
        self.ends_by_close.load(Relaxed)
            && (self.is_open() || self.has_unsent() || self.was_cut.load(Relaxed))
    }

    pub(crate) fn waiting_since(&self) -> u64 {
        self.waiting_since.load(Relaxed)
    }

    /// Bytes of the next head have arrived.
    pub(crate) fn begin_head(&self) {
        if !self.reading_head.swap(true, Relaxed) {
            self.waiting_since.store(self.clock().now(), Relaxed);
        }
    }

    pub(crate) fn is_reading_head(&self) -> bool {
        self.reading_head.load(Relaxed)
    }

    /// There is a part of a response to send.
    pub(crate) fn begin_sending(&self) {
        self.has_unsent.store(true, Relaxed);
    }

    /// The socket has taken all that there was.
    pub(crate) fn sent(&self) {
        if self.has_unsent() {
            self.has_unsent.store(false, Relaxed);
            // The response may have ended long before its last bytes left.
            self.waiting_since.store(self.clock().now(), Relaxed);
        }
    }

    pub(crate) fn has_unsent(&self) -> bool {
        self.has_unsent.load(Relaxed)
    }

    /// From here on the app speaks with the client, in a protocol of its own.
    pub(crate) fn become_tunnel(&self) {
        self.is_tunnel.store(true, Relaxed);
    }

    pub(crate) fn is_tunnel(&self) -> bool {
        self.is_tunnel.load(Relaxed)
    }

    /// The app has let go of the tunnel.
    pub(crate) fn close_tunnel(&self) {
        self.is_tunnel.store(false, Relaxed);
        self.task.wake();
    }

    /// Whether the server has ended the tunnel. If not, `cx` is woken when it does.
    pub(crate) fn ends_tunnel(&self, side: Side, cx: &Context<'_>) -> bool {
        if !self.is_tunnel() {
            return false;
        }
        self.tunnel[side as usize].register(cx.waker());
        self.end().is_some()
    }

    pub(crate) fn add(&self, exchange: Arc<Exchange>) {
        self.exchanges().push(exchange);
    }

    pub(crate) fn remove(&self, exchange: &Arc<Exchange>) {
        self.exchanges()
            .retain(|other| !Arc::ptr_eq(other, exchange));
    }

    fn exchanges(&self) -> MutexGuard<'_, Vec<Arc<Exchange>>> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends what takes longer than it may.
    pub(crate) fn look_after(&self, now: u64, patience: &Patience) {
        if self.end().is_some() {
            return;
        }
        if self.stall.is_past(now) {
            self.end_for(End::Stalled);
        } else if !self.is_open() && !self.has_unsent() {
            let head = self.is_reading_head();
            let patience = if head { patience.head } else { patience.idle };
            let waited = now.saturating_sub(self.waiting_since());
            if u128::from(waited) >= patience.as_millis() {
                self.end_for(End::Idle);
            }
        }
        for exchange in self.exchanges().iter() {
            exchange.look_after(now);
        }
    }

    pub(crate) fn end(&self) -> Option<End> {
        self.connection.end()
    }

    /// Ends the connection, and the responses on it.
    pub(crate) fn end_for(&self, end: End) {
        for exchange in self.exchanges().iter() {
            exchange.connection.end_for(end);
        }
        self.connection.end_for(end);
        self.task.wake();
        for side in &self.tunnel {
            side.wake();
        }
    }
}
