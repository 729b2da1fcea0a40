//! Serves the handlers. `PORT` says where.

use std::{env, io};

#[tokio::main]
async fn main() -> io::Result<()> {
    let port = env::var("PORT").unwrap_or("3000".to_owned());
    let listener = anabranch::listen(format!("127.0.0.1:{port}")).await?;
    eprintln!("Listening on http://{}", listener.local_addr()?);
    anabranch::serve(listener, client_example::app::router()).await
}
