//! The command `cargo anabranch`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_anabranch::main()
}
