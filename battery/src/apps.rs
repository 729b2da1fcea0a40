//! The apps that a child process can serve.

use std::fmt;

use axum::Router;

use crate::control::Control;
use crate::rows;

/// An app, by name.
#[derive(Clone, Copy)]
pub struct App {
    /// What the command line calls it.
    pub name: &'static str,
    /// Makes it.
    pub build: fn(Control) -> Router,
}

/// The app of that name.
#[must_use]
pub fn find(name: &str) -> Option<&'static App> {
    let all = [
        rows::load::APPS,
        rows::slow::APPS,
        rows::faults::APPS,
        rows::truth::APPS,
        rows::shutdown::APPS,
        rows::protocols::APPS,
        rows::hostile::APPS,
    ];
    all.into_iter().flatten().find(|app| app.name == name)
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
