//! One run of `cargo build`. It is never cut short while the command runs.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio::process::Command;

use super::message::{self, Diagnostic, Message};
use super::place::Places;
use super::process::Group;
use super::said::Said;
use super::trouble::Trouble;
use crate::error::{Error, Result};
use crate::project::{Project, cargo};
use crate::terminal;

/// What to build, and how.
#[derive(Clone, Debug)]
pub(crate) struct Recipe {
    arguments: Vec<String>,
    /// Its identity and its name.
    package: String,
    name: String,
    bin: String,
    places: Places,
    target: PathBuf,
    extra: Vec<String>,
    is_terminal: bool,
}

/// What came of a build.
#[derive(Debug)]
pub(crate) enum Outcome {
    Built(Binary),
    Failed(Trouble),
}

/// What can be started.
#[derive(Clone, Debug)]
pub(crate) struct Binary {
    pub(crate) executable: PathBuf,
    /// Folders of libraries that were built with it, and that the system has to be told of.
    pub(crate) libraries: Vec<PathBuf>,
}

impl Recipe {
    /// The binary of a project. `extra` are arguments for cargo.
    pub(crate) fn new(project: &Project, extra: Vec<String>, is_terminal: bool) -> Result<Self> {
        let bin = project.bin()?.to_owned();
        let format = match is_terminal {
            true => "json-diagnostic-rendered-ansi",
            false => "json",
        };
        let mut arguments = vec!["build".to_owned()];
        arguments.push(format!("--message-format={format}"));
        arguments.push(format!("--manifest-path={}", project.manifest.display()));
        arguments.push(format!("--bin={bin}"));
        arguments.extend(extra.clone());
        Ok(Self {
            arguments,
            package: project.id.clone(),
            name: project.name.clone(),
            bin,
            places: Places::new(&project.folder, &project.workspace, &project.target),
            target: project.target.clone(),
            extra,
            is_terminal,
        })
    }

    /// The same, of the project as it is now.
    pub(super) fn of(&self, project: &Project) -> Result<Self> {
        Self::new(project, self.extra.clone(), self.is_terminal)
    }

    /// Runs cargo. `progress` hears how many crates there are, whenever there is one more.
    /// Dropping the future ends cargo, so it is dropped at the end only.
    pub(crate) async fn build(self, progress: impl Fn(usize)) -> Result<Outcome> {
        let mut command = Command::new(cargo());
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // Ctrl-C is for this process, which decides what becomes of cargo.
            .process_group(0)
            .kill_on_drop(true);
        if self.is_terminal {
            // Its standard error is a pipe, which cargo takes for no terminal.
            command
                .env("CARGO_TERM_COLOR", "always")
                .env("CARGO_TERM_PROGRESS_WHEN", "always")
                .env("CARGO_TERM_PROGRESS_WIDTH", "80");
        }
        let failed = |error| Error::because("cannot run cargo", error);
        let mut cargo = command.spawn().map_err(failed)?;
        let group = Group::of(&cargo);
        let stdout = cargo.stdout.take().map(|out| self.read(out, progress));
        let stderr = cargo.stderr.take().map(|err| self.pass_on(err));
        let stdout = async { Some(stdout?.await) };
        let stderr = async { Some(stderr?.await) };
        let (read, said) = tokio::join!(stdout, stderr);
        let status = cargo.wait().await.map_err(failed)?;
        // A compiler's cache that it has started is for the next build, too.
        group.release();
        let read = read.unwrap_or_default();
        match read.executable {
            Some(executable) if status.success() => Ok(Outcome::Built(Binary {
                executable,
                libraries: read.libraries,
            })),
            None if status.success() => Err(Error::new(format!(
                "cargo has built nothing that is called `{}`",
                self.bin
            ))),
            _ => {
                let said = said.unwrap_or_default();
                Ok(Outcome::Failed(message::trouble(
                    &read.errors,
                    &said,
                    &self.places,
                )))
            }
        }
    }

    /// Reads messages, and shows those of the compiler.
    async fn read(&self, stdout: impl AsyncRead + Unpin, progress: impl Fn(usize)) -> Read {
        let mut read = Read::default();
        let mut crates = 0;
        let mut lines = BufReader::new(stdout).lines();
        // A line that is not Unicode is not cargo's.
        while let Ok(Some(line)) = lines.next_line().await {
            match Message::read(&line) {
                Some(Message::Diagnostic { message }) => {
                    terminal::text(&message.text());
                    if message.is_error() {
                        read.errors.push(message);
                    }
                }
                Some(Message::Artifact {
                    package_id,
                    target,
                    executable,
                }) => {
                    crates += 1;
                    progress(crates);
                    if package_id == self.package && target.name == self.bin {
                        read.executable = executable.or(read.executable);
                    }
                }
                Some(Message::Libraries { linked_paths }) => {
                    let folders = linked_paths
                        .iter()
                        .map(|path| Path::new(without_kind(path)));
                    // As cargo does: the system knows its own.
                    let built = folders.filter(|folder| folder.starts_with(&self.target));
                    read.libraries.extend(built.map(Path::to_owned));
                }
                _ => {}
            }
        }
        read
    }

    /// Shows what cargo says, and keeps it.
    async fn pass_on(&self, mut stderr: impl AsyncRead + Unpin) -> String {
        let mut said = Said::new(&self.name);
        let mut part = [0; 4096];
        while let Ok(length @ 1..) = stderr.read(&mut part).await {
            terminal::bytes(&said.take(&part[..length]));
        }
        let (rest, said) = said.finish();
        terminal::text(&rest);
        said
    }
}

/// The folder of `native=folder`.
fn without_kind(path: &str) -> &str {
    let mut kinds = ["native=", "dependency=", "crate=", "framework=", "all="].iter();
    let folder = kinds.find_map(|kind| path.strip_prefix(kind));
    folder.unwrap_or(path)
}

/// What was read of cargo's standard output.
#[derive(Debug, Default)]
struct Read {
    errors: Vec<Diagnostic>,
    executable: Option<PathBuf>,
    libraries: Vec<PathBuf>,
}
