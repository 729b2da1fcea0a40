//! Wires `app/`, and says by which compiler.

use std::env;
use std::process::Command;

fn main() {
    anabranch_build::app("app");
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output();
    let version = version.map_or_else(|_| Vec::new(), |output| output.stdout);
    let version = String::from_utf8_lossy(&version);
    println!("cargo::rustc-env=BENCH_RUSTC={}", version.trim());
}
