//! The workloads as `axum::serve` serves them.

use bench_workloads::server::serve;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    serve(bench_anabranch::app()).await
}
