//! Serves the site on 127.0.0.1. The first argument or `PORT` chooses the port (0: any free one),
//! `RUST_LOG` what is logged.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::net::Ipv4Addr;
use std::process::ExitCode;

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
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), String> {
    let port = port()?;
    let listener = anabranch::listen((Ipv4Addr::LOCALHOST, port)).await;
    let listener = listener.map_err(|error| {
        format!("Cannot listen on port {port}: {error}. Choose another with the variable PORT.")
    })?;
    let because = |error: io::Error| error.to_string();
    let address = listener.local_addr().map_err(because)?;
    writeln!(io::stdout(), "Listening on http://{address}").map_err(because)?;
    // Until SIGTERM or Ctrl-C.
    let served = anabranch::serve(listener, anabranch_site::site()).await;
    served.map_err(because)
}

/// The port that the first argument chooses, else `PORT`.
fn port() -> Result<u16, String> {
    let Some(port) = env::args_os().nth(1).or_else(|| env::var_os("PORT")) else {
        return Ok(PORT);
    };
    let number = port.to_str().and_then(|port| port.parse().ok());
    number.ok_or_else(|| {
        format!("The port is {port:?}. Set it to a number up to 65535, or to 0 for any free port.")
    })
}
