//! Serves the site. `HOST` and `PORT` say where.

use std::env;
use std::io;

#[tokio::main]
async fn main() -> io::Result<()> {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let host = env::var("HOST").unwrap_or("127.0.0.1".to_owned());
    let port = env::var("PORT").unwrap_or("3000".to_owned());
    let listener = anabranch::listen(format!("{host}:{port}")).await?;
    eprintln!("Listening on http://{}", listener.local_addr()?);
    anabranch::serve(listener, site::app::router()).await
}
