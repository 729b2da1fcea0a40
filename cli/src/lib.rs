//! The command `cargo anabranch`: begins, develops, inspects and builds apps.
//!
//! # Layout
//! - `command`: what can be asked for, as clap reads it and as `--help` shows it.
//! - `project`: the package that a command works on, as cargo describes it.
//! - `new`: writes the files of the folder `template`.
//! - `dev`: watches, builds, restarts, reloads.
//! - `routes`, `check`: what the files of an app stand for, and what is wrong with them.
//! - `client`: a typed client for the handlers of an app.
//! - `doctor`: measures whether pages stream from where they are to here.
//! - `release`: builds one binary to deploy.
//! - `terminal`, `error`: what is said.

mod check;
#[cfg(unix)]
mod client;
mod command;
#[cfg(unix)]
mod dev;
mod doctor;
mod error;
mod new;
mod project;
mod release;
mod routes;
mod terminal;

use std::process::ExitCode;

/// Runs the command that the process was started with.
#[must_use]
pub fn main() -> ExitCode {
    match command::run() {
        Ok(code) => code,
        Err(error) => {
            terminal::error(error);
            ExitCode::FAILURE
        }
    }
}
