//! What connections are accepted from.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::task::{Context, Poll};

#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

/// What the server accepts connections from: [`TcpListener`] or, on Unix, `UnixListener` of
/// tokio's.
pub trait Listener: sealed::Accept {}

/// A connection, and the address at its other end if it is a TCP connection.
type Accepted<T> = (T, Option<SocketAddr>);

/// Out of reach, so that a socket may be asked for more than reading and writing.
pub(crate) mod sealed {
    use super::{Accepted, AsyncRead, AsyncWrite, Context, Poll, fmt, io};

    #[allow(unnameable_types, reason = "the trait is sealed")]
    pub trait Accept: Send + 'static {
        type Socket: Socket;

        /// The next connection.
        fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Accepted<Self::Socket>>>;

        /// The connections that the kernel holds. It is asked itself: tokio knows of them when it
        /// has looked at its events, and gives a task only so many at a time.
        fn into_backlog(
            self,
        ) -> io::Result<impl Iterator<Item = io::Result<Accepted<Self::Socket>>>>;
    }

    #[allow(unnameable_types, reason = "the trait is sealed")]
    pub trait Socket: AsyncRead + AsyncWrite + Unpin + Send + fmt::Debug + 'static {
        /// Sends small writes at once: a patch must not wait for the acknowledgement of the one
        /// before, which takes up to 44 ms.
        fn send_at_once(&self) -> io::Result<()>;

        /// Lets the kernel take little more of a response than it can send.
        fn limit_unsent(&self) -> io::Result<()> {
            Ok(())
        }

        /// Lets closing be a reset, which no client takes for the end of a response.
        fn reset_on_close(&self) -> io::Result<()>;
    }
}

#[cfg(target_os = "linux")]
use crate::limits::MAX_UNSENT_IN_KERNEL;
use sealed::{Accept, Socket};

impl Listener for TcpListener {}

impl Accept for TcpListener {
    type Socket = TcpStream;

    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Accepted<TcpStream>>> {
        let accepted = Self::poll_accept(self, cx);
        accepted.map_ok(|(socket, address)| (socket, Some(address)))
    }

    fn into_backlog(self) -> io::Result<impl Iterator<Item = io::Result<Accepted<TcpStream>>>> {
        let listener = self.into_std()?;
        // A process that shares it may have changed that.
        listener.set_nonblocking(true)?;
        Ok(until_empty(move || {
            let (socket, address) = listener.accept()?;
            socket.set_nonblocking(true)?;
            Ok((TcpStream::from_std(socket)?, Some(address)))
        }))
    }
}

/// What `accept` gives, as long as it does not have to wait.
fn until_empty<T>(
    mut accept: impl FnMut() -> io::Result<T>,
) -> impl Iterator<Item = io::Result<T>> {
    std::iter::from_fn(move || match accept() {
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
        accepted => Some(accepted),
    })
}

impl Socket for TcpStream {
    fn send_at_once(&self) -> io::Result<()> {
        self.set_nodelay(true)
    }

    #[cfg(target_os = "linux")]
    fn limit_unsent(&self) -> io::Result<()> {
        SockRef::from(self).set_tcp_notsent_lowat(MAX_UNSENT_IN_KERNEL)
    }

    fn reset_on_close(&self) -> io::Result<()> {
        self.set_zero_linger()
    }
}

#[cfg(unix)]
impl Listener for UnixListener {}

#[cfg(unix)]
impl Accept for UnixListener {
    type Socket = UnixStream;

    fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Accepted<UnixStream>>> {
        Self::poll_accept(self, cx).map_ok(|(socket, _)| (socket, None))
    }

    fn into_backlog(self) -> io::Result<impl Iterator<Item = io::Result<Accepted<UnixStream>>>> {
        let listener = self.into_std()?;
        // A process that shares it may have changed that.
        listener.set_nonblocking(true)?;
        Ok(until_empty(move || {
            let (socket, _) = listener.accept()?;
            socket.set_nonblocking(true)?;
            Ok((UnixStream::from_std(socket)?, None))
        }))
    }
}

#[cfg(unix)]
impl Socket for UnixStream {
    fn send_at_once(&self) -> io::Result<()> {
        Ok(())
    }

    /// A Unix socket has no reset.
    fn reset_on_close(&self) -> io::Result<()> {
        Ok(())
    }
}
