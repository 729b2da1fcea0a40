//! Serves the dashboard on 127.0.0.1. `PORT` chooses the port (0: any free one), `DEMO_DB` where
//! the database is kept, `RUST_LOG` what is logged.

use std::error::Error;
use std::io::{self, IsTerminal, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::{env, iter};

use anabranch::Inspector;
use demo::db::{Db, Place};
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
            let error: &dyn Error = &*error;
            eprintln!("{error}");
            for cause in iter::successors(error.source(), |&cause| cause.source()) {
                eprintln!("  because {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn Error + Send + Sync>> {
    // Before the database, whose first import takes a while.
    let listener = listener(port()?).await?;
    let address = listener.local_addr()?;
    let db = Db::open(&Place::from_env()?).await?;

    writeln!(io::stdout(), "Listening on http://{address}")?;
    // In a debug build, or with ANABRANCH_INSPECT=1, pages show how they came to be.
    let app = site(db).layer(Inspector::new());
    // Until SIGTERM or Ctrl-C.
    anabranch::serve(listener, app).await?;
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
