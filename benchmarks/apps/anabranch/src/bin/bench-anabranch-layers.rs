//! The workloads as `anabranch::serve` serves an app: with its layers.

use bench_workloads::server::listener;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    anabranch::serve(listener().await?, bench_anabranch::app()).await
}
