//! The connection of a request, as far as its response is concerned.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::Drain;

/// The connection that a request came by: who is at its other end, and for how long.
///
/// Our own server puts it into the extensions of each request; other servers do not. On HTTP/2
/// each request has one of its own.
///
/// A clone is the same connection.
#[derive(Clone, Debug)]
pub struct Connection(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    peer: Option<SocketAddr>,
    drain: Drain,
    /// An [`End`], or 0.
    end: AtomicU8,
}

/// Why the server ended a connection, complete or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The next request did not arrive in time.
    Idle = 1,
    /// The client did not read what was sent, or too slowly.
    Stalled,
    /// The server stopped, and its drain deadline was over.
    Drained,
}

impl Connection {
    /// An open connection, to `peer` if that has an address, of a server that ends its pages by
    /// `drain`.
    #[must_use]
    pub fn new(peer: Option<SocketAddr>, drain: Drain) -> Self {
        Self(Arc::new(Inner {
            peer,
            drain,
            end: AtomicU8::new(0),
        }))
    }

    /// The address at the other end of a TCP connection: a proxy's, if there is one.
    #[must_use]
    pub fn peer(&self) -> Option<SocketAddr> {
        self.0.peer
    }

    /// By which the server ends its pages early.
    #[must_use]
    pub fn drain(&self) -> &Drain {
        &self.0.drain
    }

    /// Why the server ended the connection, if it did.
    #[must_use]
    pub fn end(&self) -> Option<End> {
        match self.0.end.load(Ordering::Relaxed) {
            1 => Some(End::Idle),
            2 => Some(End::Stalled),
            3 => Some(End::Drained),
            _ => None,
        }
    }

    /// Notes why the server ends the connection.
    pub fn end_for(&self, end: End) {
        self.0.end.store(end as u8, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_is_told_as_it_was_noted() {
        let connection = Connection::new(None, Drain::new());
        assert_eq!(connection.end(), None);
        for end in [End::Idle, End::Stalled, End::Drained] {
            connection.end_for(end);
            assert_eq!(connection.clone().end(), Some(end));
        }
    }
}
