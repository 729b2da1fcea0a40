//! Serves the dashboard on 127.0.0.1. `PORT` chooses the port (0: any free one), `DEMO_DB` where
//! the database is kept, `RUST_LOG` what is logged.

use std::env;
use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;

use axum::serve::ListenerExt;
use demo::db::{Db, default_path};
use demo::site;
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

const PORT: u16 = 3000;

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();

    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error + Send + Sync>> {
    // Before the database, whose first import takes a while.
    let listener = listener(port()?).await?;
    let db = Db::open(&default_path()?)?;
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

/// The port that `PORT` chooses.
fn port() -> Result<u16, String> {
    let Some(port) = env::var_os("PORT") else {
        return Ok(PORT);
    };
    let number = port.to_str().and_then(|port| port.parse().ok());
    number.ok_or_else(|| {
        format!("PORT is {port:?}. Set it to a number up to 65535, or to 0 for any free port.")
    })
}

async fn listener(port: u16) -> Result<TcpListener, String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
    listener.map_err(|error| {
        format!(
            "Cannot listen on port {port}: {error}. Choose another with the variable PORT, such as \
             PORT=0 for any free port."
        )
    })
}

async fn interrupted() {
    if let Err(error) = tokio::signal::ctrl_c().await {
        tracing::error!(%error, "cannot wait for Ctrl-C");
        std::future::pending::<()>().await;
    }
}
