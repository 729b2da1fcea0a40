//! The command itself, where the tests find it.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_anabranch::main()
}
