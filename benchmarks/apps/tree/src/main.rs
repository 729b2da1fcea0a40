//! The benchmark workloads as an `app/` folder: the document is the root layout's, what differs
//! is the pages'.

mod siblings;

use std::io;

use anabranch::Server;
use bench_workloads::server::listener;

anabranch::app!();

#[tokio::main]
async fn main() -> io::Result<()> {
    Server::new()
        .without_layers()
        .serve(listener().await?, app::router())
        .await
}
