//! `cargo anabranch check`: what is wrong with the files of an app, without a build.

use std::process::ExitCode;

use anabranch_build::Level;
use clap::Args;

use crate::error::Result;
use crate::project::{Project, Selection};
use crate::{routes, terminal};

/// Find mistakes in the files of the app without building it
///
/// These are the mistakes that the build script reports: two files for one URL, a missing export, a
/// layout without its children. What the compiler finds, `cargo check` tells.
#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    selection: Selection,
}

impl Check {
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let project = Project::find(&self.selection)?;
        if !project.folder.join(&project.layout.app).is_dir() {
            return Err(project.no_app());
        }
        let generated = routes::app(&project).run();
        let diagnostics = generated.diagnostics();
        for diagnostic in diagnostics {
            terminal::text(&format!("{diagnostic}\n\n"));
        }
        let errors = diagnostics.iter().filter(|one| one.level() == Level::Error);
        let errors = errors.count();
        let warnings = diagnostics.len() - errors;
        let found = format!("{}, {}", many(errors, "error"), many(warnings, "warning"));
        terminal::done("Checked", format!("{}: {found}", project.layout.app));
        Ok(ExitCode::from(u8::from(errors > 0)))
    }
}

fn many(number: usize, what: &str) -> String {
    match number {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
