//! What can be asked for.

use std::process::ExitCode;

use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Parser, Subcommand};

use crate::check::Check;
#[cfg(unix)]
use crate::client::Client;
#[cfg(unix)]
use crate::dev::Dev;
use crate::doctor::Doctor;
use crate::error::Result;
use crate::new::New;
use crate::release::Build;
use crate::routes::Routes;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// How cargo calls a subcommand: `cargo-anabranch anabranch …`.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo", styles = STYLES)]
enum Cargo {
    Anabranch(Anabranch),
}

/// Pages that stream, from an empty folder to one binary.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Anabranch {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    New(New),
    #[cfg(unix)]
    Dev(Dev),
    Routes(Routes),
    Check(Check),
    #[cfg(unix)]
    Client(Client),
    Doctor(Doctor),
    Build(Build),
}

/// Does what the arguments of the process ask for.
pub(crate) fn run() -> Result<ExitCode> {
    let Cargo::Anabranch(Anabranch { command }) = Cargo::parse();
    match command {
        Command::New(new) => new.run(),
        #[cfg(unix)]
        Command::Dev(dev) => dev.run(),
        Command::Routes(routes) => routes.run(),
        Command::Check(check) => check.run(),
        #[cfg(unix)]
        Command::Client(client) => client.run(),
        Command::Doctor(doctor) => doctor.run(),
        Command::Build(build) => build.run(),
    }
}
