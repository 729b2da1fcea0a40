//! How many instructions the parts of a page take: a regression of a few per cent shows on a
//! machine that does other things too, where no time would show it.
//!
//! ```sh
//! cargo run --release -p bench-micro            # compare with baseline.txt
//! cargo run --release -p bench-micro -- update  # write it anew
//! ```
//!
//! # Layout
//! - [`case`]: what is measured.
//! - [`callgrind`]: counts the instructions of a run of this program.
//! - [`baseline`]: the counts of an earlier state, and by which tools they were made.
//! - [`comparison`]: both side by side.

mod baseline;
mod callgrind;
mod case;
mod comparison;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::{env, fs};

use crate::baseline::{Baseline, Counts, Tools};
use crate::case::Case;
use crate::comparison::Comparison;

anabranch::app!();

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.txt");

const USAGE: &str = "Usage: bench-micro [compare | update | run CASE TIMES]";

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<ExitCode> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] | ["compare"] => compare(),
        ["update"] => {
            let baseline = Baseline {
                tools: Tools::here()?,
                counts: count()?,
            };
            fs::write(BASELINE, baseline.to_string())?;
            Ok(ExitCode::SUCCESS)
        }
        ["run", case, times] => {
            Case::named(case).ok_or(USAGE)?.run(times.parse()?)?;
            Ok(ExitCode::SUCCESS)
        }
        _ => Err(USAGE.into()),
    }
}

fn compare() -> Result<ExitCode> {
    let baseline: Baseline = fs::read_to_string(BASELINE)?.parse()?;
    let tools = Tools::here()?;
    let comparison = Comparison::new(&baseline.counts, &count()?);
    let mut out = io::stdout().lock();
    writeln!(out, "{comparison}")?;
    if tools != baseline.tools {
        writeln!(
            out,
            "The baseline was counted with other tools, so nothing follows from a difference.\n\
             There: {}\nHere:  {tools}",
            baseline.tools
        )?;
        return Ok(ExitCode::SUCCESS);
    }
    if comparison.is_slower() {
        writeln!(
            out,
            "A page takes more instructions than before. If they buy something, write the counts \
             anew with\n    cargo run --release -p bench-micro -- update\nand say in the \
             commit what they buy."
        )?;
        return Ok(ExitCode::FAILURE);
    }
    if comparison.is_faster() {
        writeln!(
            out,
            "A page takes fewer instructions than before. Keep that with\n    cargo run --release \
             -p bench-micro -- update"
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Instructions of every case.
fn count() -> Result<Counts> {
    Case::ALL
        .into_iter()
        .map(|case| Ok((case.name().to_owned(), callgrind::instructions(case)?)))
        .collect()
}
