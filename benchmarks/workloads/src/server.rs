//! How the servers listen.

use std::{env, io, net::Ipv4Addr};

use axum::{Router, serve::ListenerExt};
use tokio::net::TcpListener;

/// Listens on the loopback port that `PORT` names.
///
/// # Errors
/// When `PORT` is not a port, or is taken.
pub async fn listener() -> io::Result<TcpListener> {
    let port = env::var("PORT").unwrap_or_else(|_| "3000".into());
    let port: u16 = port.parse().map_err(io::Error::other)?;
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves `app`, with `TCP_NODELAY`: without it a streamed keep-alive response waits for a delayed
/// acknowledgement.
///
/// # Errors
/// When the port cannot be listened on.
pub async fn serve(app: Router) -> io::Result<()> {
    let listener = listener().await?.tap_io(|stream| {
        // A socket that refuses the option is slower, not wrong.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, app).await
}
