//! A cargo whose builds a test carries out.
//!
//! `build` tells the test at `FAKE_CARGO` what is in `app/page.txt`, and does what the test
//! answers: `built` makes a binary of it, which serves that text, and `failed` and a text is an
//! error of the compiler; `crate`, as often as it likes before, is a dependency that is built. Everything else is passed on to the real cargo.
//!
//! With a URL it is the browser, and tells the test the URL.

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::json;

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    if let [url] = arguments.as_slice()
        && url.starts_with("http://")
    {
        let test = TcpStream::connect(variable("FAKE_CARGO"))?;
        writeln!(&test, "{url}")?;
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.first().is_none_or(|command| command != "build") {
        let cargo = variable("REAL_CARGO");
        let status = Command::new(cargo).args(&arguments).status()?;
        return Ok(ExitCode::from(u8::from(!status.success())));
    }
    let manifest = arguments
        .iter()
        .find_map(|it| it.strip_prefix("--manifest-path="));
    let manifest = Path::new(manifest.expect("the command says where the package is"));
    let package = manifest.parent().expect("it is a file in a folder");
    let page = fs::read_to_string(package.join("app/page.txt"))?;

    let test = TcpStream::connect(variable("FAKE_CARGO"))?;
    writeln!(&test, "{page}")?;
    let mut test = BufReader::new(test);
    let mut answer = String::new();
    test.read_line(&mut answer)?;
    while answer == "crate\n" {
        say(&json!({
            "reason": "compiler-artifact",
            "package_id": "dependency",
            "target": { "name": "dependency" },
            "executable": null,
        }))?;
        answer.clear();
        test.read_line(&mut answer)?;
    }
    match answer.trim_end().split_once(' ') {
        Some(("failed", text)) => {
            say(&json!({
                "reason": "compiler-message",
                "message": {
                    "level": "error",
                    "rendered": format!("error: {text}\n"),
                    "spans": [{
                        "file_name": "app/page.txt",
                        "line_start": 1,
                        "column_start": 2,
                        "is_primary": true,
                    }],
                },
            }))?;
            Ok(ExitCode::FAILURE)
        }
        _ if answer == "built\n" => {
            let executable = build(package, &page)?;
            say(&json!({
                "reason": "build-script-executed",
                "package_id": "dependency",
                "linked_paths": [
                    format!("native={}/target/debug/build/delta/out", package.display()),
                    "/usr/lib",
                ],
            }))?;
            say(&json!({
                "reason": "compiler-artifact",
                "package_id": variable("FAKE_PACKAGE"),
                "target": { "name": "hello" },
                "executable": executable,
            }))?;
            Ok(ExitCode::SUCCESS)
        }
        // The test has ended.
        _ => Ok(ExitCode::FAILURE),
    }
}

/// Makes an executable that serves a text.
fn build(package: &Path, page: &str) -> io::Result<PathBuf> {
    let folder = package.join("target/debug");
    fs::create_dir_all(&folder)?;
    let new = folder.join("hello.new");
    let app = variable("FIXTURE_APP");
    let sources = package.display();
    fs::write(
        &new,
        format!("#!/bin/sh\nPACKAGE='{sources}' PAGE='{page}' exec '{app}'\n"),
    )?;
    fs::set_permissions(&new, fs::Permissions::from_mode(0o755))?;
    let executable = folder.join("hello");
    // As cargo does: the old file stays what it was for the process that runs it.
    fs::rename(new, &executable)?;
    Ok(executable)
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("the test sets {name}"))
}

fn say(message: &serde_json::Value) -> io::Result<()> {
    writeln!(io::stdout(), "{message}")
}
