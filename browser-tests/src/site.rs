//! An app under test: on a port of its own, with a stage around it.
//!
//! Needs the feature `browser`.

use std::time::Duration;

use axum::Router;

use crate::chromium::PageBuilder;
use crate::page::{Origin, Page};
use crate::{Chromium, Mode, Result, Server, Stage, Swap};

/// An app under test on a port of its own, until this is dropped. Every boundary is held.
///
/// ```no_run
/// use anabranch_paint::Site;
/// # fn app() -> axum::Router { axum::Router::new() }
///
/// # fn main() -> anabranch_paint::Result {
/// let site = Site::start(app())?;
/// let page = site.open("/")?;
/// page.shows_loading("sales");
/// page.release("sales");
/// page.painted("sales").while_open();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Site {
    server: Server,
    stage: Stage,
    patience: Duration,
}

impl Site {
    /// Serves the app, with every boundary held until it is released.
    ///
    /// # Errors
    /// When no port can be bound or no thread started.
    pub fn start(app: Router) -> Result<Self> {
        Self::with(Stage::new(), app)
    }

    /// Serves the app around which a stage of one's own is put: [`Stage::free`] holds nothing.
    ///
    /// # Errors
    /// When no port can be bound or no thread started.
    pub fn with(stage: Stage, app: Router) -> Result<Self> {
        Ok(Self {
            server: Server::of(stage.wrap(app))?,
            stage,
            patience: crate::page::LIMIT,
        })
    }

    /// How long an assertion waits before it fails. The default is 20 seconds: it only matters to
    /// tests that fail, and a machine under load is slow.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Opens a page of the app in the Chromium that all tests of this process share. It returns
    /// when the first bytes are there, or when they stay away: the assertions then say why.
    ///
    /// # Errors
    /// When there is no browser, or it does not answer.
    pub fn open(&self, path: &str) -> Result<Page> {
        self.open_with(Swap::Native, path)
    }

    /// Opens a page in the shared Chromium with this swap.
    ///
    /// # Errors
    /// When there is no browser, or it does not answer.
    pub fn open_with(&self, swap: Swap, path: &str) -> Result<Page> {
        self.open_in(Chromium::shared(swap)?.page(), path)
    }

    /// Opens a page as it is prepared: on a phone, with a slow network, in dark colours.
    ///
    /// ```no_run
    /// # use anabranch_paint::{Chromium, Result, Site, Swap};
    /// # fn open(site: &Site) -> Result {
    /// let phone = Chromium::shared(Swap::Native)?.page().phone();
    /// let page = site.open_in(phone, "/")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the browser does not answer.
    pub fn open_in(&self, builder: PageBuilder<'_>, path: &str) -> Result<Page> {
        let origin = self.origin(path);
        let page = builder.open_within(&self.url(path), self.patience)?;
        Ok(page.of_site(origin, self.patience))
    }

    /// Opens a page in a mode: another browser, or certain conditions.
    ///
    /// # Errors
    /// When there is no such browser, or it does not answer.
    pub fn open_mode(&self, mode: Mode, path: &str) -> Result<Page> {
        if let Some(builder) = mode.chromium()? {
            return self.open_in(builder, path);
        }
        let origin = self.origin(path);
        let page = mode.open(&self.url(path))?;
        Ok(page.of_site(origin, self.patience))
    }

    fn origin(&self, path: &str) -> Origin {
        Origin {
            stage: self.stage.clone(),
            path: path.to_owned(),
            first_visit: self.stage.visits().len(),
        }
    }

    /// Opens the gate of every boundary of this name. To see its content painted, use
    /// [`Page::release`].
    pub fn release(&self, name: &str) {
        self.stage.release(name);
    }

    /// Opens all gates.
    pub fn release_all(&self) {
        self.stage.release_all();
    }

    /// The gates, and the record of what happened.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// The server, whose connections can be cut.
    #[must_use]
    pub fn server(&self) -> &Server {
        &self.server
    }

    /// The URL of a path, such as `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;

    use super::*;

    #[test]
    fn an_app_has_its_own_routes_alone() {
        // Where a server with gates has theirs.
        let app = Router::new().route("/gates/{id}", get(async || "the gates of an airport"));
        Site::start(app).unwrap();
    }
}
