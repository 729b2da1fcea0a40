//! Streaming by hand as a careful developer writes it: patches that are ready together share a
//! frame. The peer that every ratio refers to.

use std::io;

use bench_by_hand::{Frames, app};
use bench_workloads::server::serve;

#[tokio::main]
async fn main() -> io::Result<()> {
    serve(app(Frames::Joined)).await
}
