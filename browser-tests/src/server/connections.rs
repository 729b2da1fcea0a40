//! The accepted sockets: cut from outside, and closed as soon as the app lets go of them.

use std::io::{self, IoSlice};
use std::net::{Shutdown, TcpStream};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Second handles of the open sockets, through which they can be shut down.
#[derive(Clone, Debug, Default)]
pub(super) struct Connections(Arc<Mutex<Vec<Weak<TcpStream>>>>);

impl Connections {
    /// Keeps a second handle of the socket, for as long as what is returned is there.
    pub(super) fn watch(&self, socket: tokio::net::TcpStream) -> io::Result<Watched> {
        // Each frame must leave at once, or the test measures Nagle's algorithm.
        socket.set_nodelay(true)?;
        let socket = socket.into_std()?;
        let second = Arc::new(socket.try_clone()?);
        let mut all = self.lock();
        all.retain(|connection| connection.strong_count() > 0);
        all.push(Arc::downgrade(&second));
        drop(all);
        Ok(Watched {
            socket: tokio::net::TcpStream::from_std(socket)?,
            _second: second,
        })
    }

    /// Shuts down all that are open.
    pub(super) fn cut(&self) {
        for connection in self.open() {
            // An error means that the connection is closed already.
            let _ = connection.shutdown(Shutdown::Both);
        }
    }

    /// Those that the app has not let go of.
    pub(super) fn open(&self) -> Vec<Arc<TcpStream>> {
        self.lock().iter().filter_map(Weak::upgrade).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<TcpStream>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A socket with its second handle. Both end together: the browser would wait for the end of a
/// connection that one of them keeps open.
#[derive(Debug)]
pub(super) struct Watched {
    socket: tokio::net::TcpStream,
    _second: Arc<TcpStream>,
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
