//! Streaming by hand as it is written first: every patch is a frame of its own.

use std::io;

use bench_by_hand::{Frames, app};
use bench_workloads::server::serve;

#[tokio::main]
async fn main() -> io::Result<()> {
    serve(app(Frames::Single)).await
}
