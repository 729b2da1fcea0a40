//! The listening socket: one that the process was given, or one of its own.

use std::io;

use tokio::net::{TcpListener, ToSocketAddrs};

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
/// If the address cannot be bound, or what was given is no TCP socket that listens.
///
/// # Panics
/// Outside a tokio runtime with I/O.
pub async fn listen(address: impl ToSocketAddrs) -> io::Result<TcpListener> {
    match given()? {
        Some(listener) => Ok(listener),
        None => TcpListener::bind(address).await,
    }
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
    let Some(listener) = taken else {
        return Ok(None);
    };
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener).map(Some)
}

#[cfg(not(unix))]
fn given() -> io::Result<Option<TcpListener>> {
    Ok(None)
}
