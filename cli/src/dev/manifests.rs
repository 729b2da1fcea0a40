//! The package as its manifests describe it, asked for anew when one of them has changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Stdio;

use tokio::process::Command;
use tokio::sync::watch;

use super::snapshot::Sources;
use crate::error::Result;
use crate::project::{Project, Selection};

type Question = Pin<Box<dyn Future<Output = Result<Project>> + Send>>;

/// What is known of the package, and the question that is open.
pub(super) struct Manifests {
    selection: Selection,
    sources: watch::Sender<Sources>,
    question: Option<Question>,
}

impl Manifests {
    pub(super) fn new(selection: Selection, project: &Project) -> Self {
        Self {
            selection,
            sources: watch::Sender::new(sources(project)),
            question: None,
        }
    }

    /// Where the sources are, now and later.
    pub(super) fn sources(&self) -> watch::Receiver<Sources> {
        self.sources.subscribe()
    }

    /// Asks cargo if a manifest is among the files. Whether there is a question now.
    pub(super) fn changed(&mut self, files: &BTreeSet<PathBuf>) -> bool {
        if files.iter().any(|file| is_manifest(file)) {
            // The answer to one that is open may be that of before.
            self.question = Some(Box::pin(ask(self.selection.clone())));
        }
        self.question.is_some()
    }

    /// Waits for the answer, and has its sources watched. Pending while there is no question.
    ///
    /// # Cancel safety
    /// It may be called again.
    pub(super) async fn answer(&mut self) -> Result<Project> {
        let Some(question) = &mut self.question else {
            return std::future::pending().await;
        };
        let answer = question.await;
        self.question = None;
        if let Ok(project) = &answer {
            let new = sources(project);
            self.sources.send_if_modified(|old| {
                let differ = *old != new;
                *old = new;
                differ
            });
        }
        answer
    }
}

fn is_manifest(file: &Path) -> bool {
    let name = file.file_name();
    name.is_some_and(|name| name == "Cargo.toml" || name == "Cargo.lock")
}

/// Dropping it ends cargo.
async fn ask(selection: Selection) -> Result<Project> {
    let mut command = Command::from(Project::question(&selection));
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await;
    Project::answered(&selection, output)
}

/// What a build depends on, and the static files.
fn sources(project: &Project) -> Sources {
    let workspace = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml"];
    let files = workspace.map(|name| project.workspace.join(name));
    let mut folders = project.sources.clone();
    for folder in [&project.layout.app, &project.layout.public] {
        let place = project.place(folder);
        // What is below another folder may be ignored there.
        if !folders.iter().any(|folder| place.starts_with(folder)) {
            folders.insert(place);
        }
    }
    Sources {
        folders,
        files: BTreeSet::from(files),
    }
}
