//! `cargo anabranch build`: one binary to deploy.

mod stage;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use clap::Args;
use serde::Deserialize;

use self::stage::Stage;
use crate::error::{Error, Result};
use crate::project::{Project, Selection, cargo};
use crate::terminal;

/// Build one binary to deploy
///
/// It is a release build, and the files of `public/` are part of it, so that nothing else has to be
/// copied to a server.
#[derive(Debug, Args)]
pub(crate) struct Build {
    #[command(flatten)]
    selection: Selection,
    /// Have the files of public/ compressed in the binary too, for whoever accepts it
    #[arg(long)]
    precompress: bool,
    /// Leave public/ beside the binary
    #[arg(long, conflicts_with = "precompress")]
    no_embed: bool,
    /// The profile to build with
    #[arg(long, value_name = "NAME", default_value = "release")]
    profile: String,
    /// Arguments for cargo, such as --locked
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

/// Names to the app's build script the folder whose files it embeds.
const EMBED: &str = "ANABRANCH_EMBED_PUBLIC";

impl Build {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let project = Project::find(&self.selection)?;
        let bin = project.bin()?;
        let mut command = Command::new(cargo());
        command
            .args(["build", "--message-format=json-render-diagnostics"])
            .arg(format!("--profile={}", self.profile))
            .arg(format!("--bin={bin}"))
            .arg("--manifest-path")
            .arg(&project.manifest)
            .args(&self.arguments)
            .env_remove(EMBED)
            .stdout(Stdio::piped());
        let public = project.public();
        let embedded = match !self.no_embed && public.is_dir() {
            false => None,
            true => {
                let stage = Stage::prepare(&project, self.precompress)?;
                command.env(EMBED, &stage.folder);
                Some(stage)
            }
        };
        let Some(executable) = executable(command, bin)? else {
            return Ok(ExitCode::FAILURE);
        };
        let size = fs::metadata(&executable).map_or(0, |file| file.len());
        let with = match &embedded {
            None => String::new(),
            Some(stage) => format!(", with {}", stage.summary(&project.layout.public)),
        };
        let shown = executable.display();
        terminal::done(
            "Built",
            format!("{shown}, {:.1} MiB{with}", size as f64 / f64::from(1 << 20)),
        );
        Ok(ExitCode::SUCCESS)
    }
}

/// A line of cargo's about what it has built.
#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Runs cargo. None if it fails, which it has said.
fn executable(mut command: Command, bin: &str) -> Result<Option<PathBuf>> {
    let failed = |error| Error::because("cannot run cargo", error);
    let mut cargo = command.spawn().map_err(failed)?;
    let lines = cargo.stdout.take().map(|out| BufReader::new(out).lines());
    let mut executable = None;
    for line in lines
        .into_iter()
        .flatten()
        .map_while(std::result::Result::ok)
    {
        if let Ok(artifact) = serde_json::from_str::<Artifact>(&line)
            && artifact.target.name == bin
        {
            executable = artifact.executable.or(executable);
        }
    }
    let status = cargo.wait().map_err(failed)?;
    Ok(executable.filter(|_| status.success()))
}
