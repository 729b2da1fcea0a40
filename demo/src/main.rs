//! Serves the dashboard on 127.0.0.1. `PORT` chooses the port (0: any free one), `DEMO_DB` where
//! the database is kept, `RUST_LOG` what is logged.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::net::Ipv4Addr;

use axum::serve::ListenerExt;
use demo::db::{Db, default_path};
use demo::site;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

const PORT: u16 = 3000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();

    let db = Db::open(&default_path()?)?;
    let port = match std::env::var("PORT") {
        Ok(port) => port.parse()?,
        Err(_) => PORT,
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    // Without it, a patch waits for the acknowledgement of the one before.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "cannot set TCP_NODELAY");
        }
    });

    writeln!(io::stdout(), "Listening on http://{address}")?;
    axum::serve(listener, site(db))
        .with_graceful_shutdown(interrupted())
        .await?;
    Ok(())
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "cannot wait for Ctrl-C");
        std::future::pending::<()>().await;
    }
}
