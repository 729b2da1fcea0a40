//! The generator of TypeScript: openapi-typescript, from npm.

use std::path::{Path, PathBuf};
use std::process::{self, Stdio};

use tokio::process::Command;

use crate::error::{Error, Result};
use crate::terminal;

/// The program of the package.
const PROGRAM: &str = "node_modules/openapi-typescript/bin/cli.js";

/// The generator as it is installed for a folder.
#[derive(Debug)]
pub(super) struct Generator {
    program: PathBuf,
}

impl Generator {
    /// Looks where node would, in the folder and above.
    pub(super) fn find(folder: &Path) -> Result<Self> {
        let shown = folder.display();
        if !folder.is_dir() {
            return Err(Error::new(format!(
                "there is no folder {shown}: make it, and install the generator in it\n{}",
                installation(folder)
            )));
        }
        let mut programs = folder.ancestors().map(|above| above.join(PROGRAM));
        match programs.find(|program| program.is_file()) {
            Some(program) => node_is_there().map(|()| Self { program }),
            None => Err(Error::new(format!(
                "openapi-typescript is not installed in {shown}\n{}",
                installation(folder)
            ))),
        }
    }

    /// Writes the types of a document. Dropping the future ends it.
    pub(super) async fn run(&self, document: &Path, types: &Path) -> Result {
        let mut command = Command::new("node");
        command.arg(&self.program).arg(document);
        command.arg("--output").arg(types);
        command.stdin(Stdio::null()).kill_on_drop(true);
        let output = command.output().await.map_err(|error| no_node(&error))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = format!("{}{said}", String::from_utf8_lossy(&output.stdout));
        let what = format!("openapi-typescript has failed ({})", output.status);
        Err(Error::new(format!("{what}\n{}", said.trim_end())))
    }
}

fn node_is_there() -> Result {
    let version = process::Command::new("node").arg("--version").output();
    version.map(drop).map_err(|error| no_node(&error))
}

fn no_node(error: &std::io::Error) -> Error {
    let why = error.to_string();
    Error::because(
        "cannot run node: install Node.js 20 or newer, with npm",
        why,
    )
}

/// How to install what is needed.
fn installation(folder: &Path) -> String {
    let folder = terminal::quoted(folder);
    format!(
        "\n    npm install --prefix {folder} --save-dev openapi-typescript typescript@5\n    \
         npm install --prefix {folder} openapi-fetch"
    )
}
