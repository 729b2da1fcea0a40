//! The workloads on Anabranch's own server. Its layers are off, since no other server here sends
//! security headers and request ids either; `bench-anabranch-layers` has them.

use anabranch::Server;
use bench_workloads::server::listener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    Server::new()
        .without_layers()
        .serve(listener().await?, bench_anabranch::app())
        .await
}
