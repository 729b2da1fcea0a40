//! The battery's program: runs rows and prints the table; `serve` is the process under test.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anabranch_battery::report::{self, Summary};
use anabranch_battery::{Form, Row, Tried, random, rows, run, serve};

const USAGE: &str = "usage: battery [--short] [--seed <number>] [<row>…]
       battery list
       battery serve <app> [<limit>=<value>…]";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let done = match arguments.first().map(String::as_str) {
        Some("serve") => serve::run(&arguments[1..]).map(|()| true),
        Some("list") => list().map(|()| true),
        _ => battery(&arguments),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> Tried {
    for row in rows::all() {
        print(&format!("{row:?}"))?;
    }
    Ok(())
}

/// Runs the rows, and says whether all of them hold.
fn battery(arguments: &[String]) -> Tried<bool> {
    let (rows, form) = parse(arguments)?;
    print(report::HEAD)?;
    let ran = run::all(&rows, form, |ran| print(&ran.to_string()))?;
    print(&Summary { ran: &ran, form }.to_string())?;
    Ok(ran.iter().all(|ran| ran.outcome.is_ok()))
}

fn parse(arguments: &[String]) -> Tried<(Vec<&'static Row>, Form)> {
    let mut form = Form::Long;
    let mut selected = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--short" => form = Form::Short,
            "--seed" => random::set_seed(number(arguments.next())?),
            id => {
                let row = rows::find(id);
                selected.push(row.ok_or_else(|| format!("no row {id}\n\n{USAGE}"))?);
            }
        }
    }
    if selected.is_empty() {
        selected.extend(rows::all());
    }
    Ok((selected, form))
}

/// A seed, as the report prints it or in decimal.
fn number(text: Option<&String>) -> Tried<u64> {
    let text = text.map_or("", String::as_str);
    let parsed = match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16),
        None => text.parse(),
    };
    parsed.map_err(|error| format!("--seed {text}: {error}"))
}

fn print(text: &str) -> Tried {
    writeln!(io::stdout().lock(), "{text}").map_err(|error| error.to_string())
}
