//! The listening socket: one that the process was given, or one of its own.

use std::io;
use std::net::SocketAddr;

use tokio::net::{TcpListener, ToSocketAddrs, lookup_host};

/// Listens where whoever started the process has opened a socket for it, else at `address`.
///
/// A socket is given as systemd gives it (`LISTEN_FDS`, from file descriptor 3 on), and as
/// `cargo anabranch dev` does. It stays open from one process to the next, so that a client that
/// connects in between waits instead of being refused. A second call takes the second socket,
/// and binds its address if there is none.
///
/// ```no_run
/// # async fn example(app: axum::Router) -> std::io::Result<()> {
/// let listener = anabranch_server::listen("127.0.0.1:3000").await?;
/// anabranch_server::serve(listener, app).await
/// # }
/// ```
///
/// # Errors
/// If the address cannot be bound, which the error names, or what was given is no TCP socket that
/// listens.
///
/// # Panics
/// Outside a tokio runtime with I/O.
pub async fn listen(address: impl ToSocketAddrs) -> io::Result<TcpListener> {
    if let Some(listener) = given()? {
        return Ok(listener);
    }
    let addresses: Vec<_> = lookup_host(address).await?.collect();
    let bound = TcpListener::bind(&*addresses).await;
    bound.map_err(|error| named(&addresses, &error))
}

/// The error with the addresses in it, which the system does not tell.
fn named(addresses: &[SocketAddr], error: &io::Error) -> io::Error {
    let shown: Vec<_> = addresses.iter().map(SocketAddr::to_string).collect();
    let shown = shown.join(" or ");
    let help = match error.kind() {
        io::ErrorKind::AddrInUse => "; end the process that listens there, or take another port",
        io::ErrorKind::PermissionDenied => "; ports below 1024 may be reserved",
        _ => "",
    };
    let message = format!("cannot listen on {shown}: {error}{help}");
    io::Error::new(error.kind(), message)
}

#[cfg(unix)]
fn given() -> io::Result<Option<TcpListener>> {
    use std::sync::{LazyLock, Mutex, PoisonError};

    use listenfd::ListenFd;

    // Read once: it takes the variables away, which the app's own children must not inherit.
    static GIVEN: LazyLock<Mutex<(ListenFd, usize)>> =
        LazyLock::new(|| Mutex::new((ListenFd::from_env(), 0)));

    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let (sockets, next) = &mut *given;
    if *next >= sockets.len() {
        return Ok(None);
    }
    let taken = sockets.take_tcp_listener(*next)?;
    *next += 1;
    taken.map(listening).transpose()
}

/// A socket that was given, if it listens. One that is a connection itself, as systemd gives with
/// `Accept=yes`, would fail later, at every attempt to accept one from it.
#[cfg(unix)]
fn listening(socket: std::net::TcpListener) -> io::Result<TcpListener> {
    #[cfg(target_os = "linux")]
    if !socket2::SockRef::from(&socket).is_listener()? {
        let message = "the socket that was given does not listen; with systemd, set Accept=no";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

#[cfg(not(unix))]
fn given() -> io::Result<Option<TcpListener>> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_address_that_is_taken_is_named() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = listen(address).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
        let said = error.to_string();
        let begin = format!("cannot listen on {address}: ");
        assert!(said.starts_with(&begin), "{said}");
        assert!(said.ends_with("or take another port"), "{said}");
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_socket_that_was_given_has_to_listen() {
        use std::net;
        use std::os::fd::OwnedFd;

        let listener = net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let connection = net::TcpStream::connect(address).unwrap();
        assert_eq!(listening(listener).unwrap().local_addr().unwrap(), address);
        let error = listening(OwnedFd::from(connection).into()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}
