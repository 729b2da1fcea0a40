//! `cargo anabranch client`: a typed client for the handlers of an app.

mod document;
mod generator;

use std::ffi::OsString;
use std::fs;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use http::uri::PathAndQuery;
use tokio::runtime::Runtime;

use self::generator::Generator;
use crate::dev::build::{Outcome, Recipe};
use crate::dev::quit::Quit;
use crate::error::{Error, Result};
use crate::project::{Project, Selection};
use crate::terminal;

/// Generate TypeScript types of what the handlers of the app take and answer
///
/// Builds and starts the app, asks it for its OpenAPI document, and has openapi-typescript write
/// types for it, which the client openapi-fetch uses. When a field changes its name in Rust, the
/// TypeScript that uses it does not compile any more.
///
/// The app describes its handlers where its build script says `.openapi("api")`, and serves the
/// document at `/openapi.json`.
#[derive(Debug, Args)]
pub(crate) struct Client {
    #[command(flatten)]
    selection: Selection,
    /// The folder to write `openapi.json` and `api.d.ts` to, from that of the package
    #[arg(long, value_name = "FOLDER", default_value = "client")]
    out: PathBuf,
    /// Where the app serves its document
    #[arg(long, value_name = "PATH", default_value = "/openapi.json", value_parser = absolute)]
    path: String,
    /// A file with the document, in place of the app
    #[arg(long, value_name = "FILE", conflicts_with = "path")]
    from: Option<PathBuf>,
    /// Features of the app to switch on
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Arguments for the app
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

impl Client {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let project = Project::find(&self.selection)?;
        let out = project.folder.join(&self.out);
        // First, since it takes no time: a build is not wasted on a machine without node.
        let generator = Generator::find(&out)?;
        let runtime = Runtime::new().map_err(|error| Error::because("cannot start", error))?;
        runtime.block_on(async {
            let mut quit = Quit::new()?;
            tokio::select! {
                made = self.make(&project, &generator, &out) => made,
                // Cargo and the app are in groups of their own, which no Ctrl-C reaches: they end
                // because what they belong to is dropped.
                () = quit.wait() => Err(Error::new("interrupted")),
            }
        })
    }

    /// Writes the files.
    async fn make(&self, project: &Project, generator: &Generator, out: &Path) -> Result<ExitCode> {
        let Some(document) = self.document(project).await? else {
            return Ok(ExitCode::FAILURE);
        };
        let (file, types) = (out.join("openapi.json"), out.join("api.d.ts"));
        write(&file, &document)?;
        generator.run(&file, &types).await?;
        let shown = self.out.display();
        terminal::done("Wrote", format!("{shown}/openapi.json, {shown}/api.d.ts"));
        Ok(ExitCode::SUCCESS)
    }

    /// The document. None if the app does not build, which has been said.
    async fn document(&self, project: &Project) -> Result<Option<Vec<u8>>> {
        if let Some(file) = &self.from {
            let read = fs::read(file);
            let message = || format!("cannot read {}", file.display());
            return read
                .map(Some)
                .map_err(|error| Error::because(message(), error));
        }
        let features = self.features.iter();
        let features = features.map(|features| format!("--features={features}"));
        let recipe = Recipe::new(project, features.collect(), io::stderr().is_terminal())?;
        match recipe.build(|_| {}).await? {
            Outcome::Failed(_) => Ok(None),
            Outcome::Built(app) => document::ask(&app, &self.arguments, &self.path)
                .await
                .map(Some),
        }
    }
}

fn write(file: &Path, content: &[u8]) -> Result {
    fs::write(file, content)
        .map_err(|error| Error::because(format!("cannot write {}", file.display()), error))
}

/// The path of a URL, as it is asked for.
fn absolute(path: &str) -> std::result::Result<String, String> {
    if path.contains("://") {
        return Err("it is a path, without a host".to_owned());
    }
    let path = format!("/{}", path.trim_start_matches('/'));
    let parsed = path.parse::<PathAndQuery>();
    parsed.map(|_| path).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_the_document_may_lack_its_slash() {
        for (path, asked) in [
            ("/openapi.json", Some("/openapi.json")),
            ("api/openapi.json?v=1", Some("/api/openapi.json?v=1")),
            ("http://localhost:3000/openapi.json", None),
            ("open api.json", None),
        ] {
            assert_eq!(absolute(path).ok().as_deref(), asked, "{path}");
        }
    }
}
