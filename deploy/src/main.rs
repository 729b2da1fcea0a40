//! Serves the app. `HOST` and `PORT` say where.

use std::env;
use std::io::{self, Write};

#[tokio::main]
async fn main() -> io::Result<()> {
    let host = env::var("HOST").unwrap_or("127.0.0.1".to_owned());
    let port = env::var("PORT").unwrap_or("3000".to_owned());
    let listener = anabranch::listen(format!("{host}:{port}")).await?;
    writeln!(io::stdout(), "Listening on {}", listener.local_addr()?)?;
    anabranch::serve(listener, anabranch_deploy::app()).await
}
