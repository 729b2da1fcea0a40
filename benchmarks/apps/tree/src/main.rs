//! The benchmark workloads as an `app/` folder: the document is the root layout's, what differs
//! is the pages'.

mod siblings;

use std::io;

use bench_workloads::server::serve;

anabranch::app!();

#[tokio::main]
async fn main() -> io::Result<()> {
    serve(app::router()).await
}
