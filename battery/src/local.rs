//! A server in the test's own process, for rows that measure nothing of the process.

use std::net::{Ipv4Addr, SocketAddr};

use anabranch::Server;
use axum::Router;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::Tried;
use crate::row::failed;

/// A running server. Dropping it ends it at once.
#[derive(Debug)]
pub struct Local {
    /// Where it listens.
    pub address: SocketAddr,
    task: JoinHandle<()>,
}

impl Local {
    /// Serves `app` with the defaults.
    ///
    /// # Errors
    /// If no port can be bound.
    pub async fn start(app: Router) -> Tried<Self> {
        Self::serve(Server::new(), app).await
    }

    /// Serves `app` with `server`.
    ///
    /// # Errors
    /// If no port can be bound.
    pub async fn serve(server: Server, app: Router) -> Tried<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
        let listener = listener.await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        // Signals are for the process under test, not for the one that runs the rows.
        let server = server.shutdown_on(std::future::pending());
        let task = tokio::spawn(async move {
            if let Err(error) = server.serve(listener, app).await {
                tracing::error!("the server under test has ended: {error}");
            }
        });
        Ok(Self { address, task })
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        self.task.abort();
    }
}
