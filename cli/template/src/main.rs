//! Serves the site. `HOST` and `PORT` say where, `RUST_LOG` what is logged.

use std::env;
use std::io::{self, IsTerminal};

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

#[tokio::main]
async fn main() -> io::Result<()> {
    log();
    let host = env::var("HOST").unwrap_or("127.0.0.1".to_owned());
    let port = env::var("PORT").unwrap_or("3000".to_owned());
    let listener = anabranch::listen(format!("{host}:{port}")).await?;
    eprintln!("Listening on http://{host}:{port}");
    anabranch::serve(listener, site::app::router()).await
}

/// Logs to stderr: `RUST_LOG=anabranch=debug,info` also says why a page has refused something.
fn log() {
    let asked = env::var("RUST_LOG").ok();
    let asked = asked.and_then(|levels| levels.parse().ok());
    let levels = asked.unwrap_or(Targets::new().with_default(LevelFilter::INFO));
    // `cargo anabranch dev` sets the variable, since it reads the log before a terminal shows it.
    let in_colour = io::stderr().is_terminal() || env::var_os("CLICOLOR_FORCE").is_some();
    let lines = tracing_subscriber::fmt::layer();
    let lines = lines.with_writer(io::stderr).with_ansi(in_colour);
    let log = tracing_subscriber::registry().with(lines).with(levels);
    log.init();
}
