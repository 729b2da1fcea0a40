//! What is done about changes, keys and signals, one after the other.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::future::ready;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use super::browser;
use super::build::{Binary, Outcome, Recipe};
use super::deaf;
use super::hub::Hub;
use super::keys::Keys;
use super::manifests::Manifests;
use super::process::{self, App};
use super::quit::Quit;
use super::snapshot::hash;
use super::trouble::Trouble;
use crate::error::{Error, Result};
use crate::project::Project;
use crate::terminal;

/// How long an old process may take to end its responses: longer than the server's own deadline.
const DRAIN: Duration = Duration::from_secs(30);

/// How long the last one may take, while somebody waits for the terminal.
const LEAVE: Duration = Duration::from_secs(3);

type Build = Pin<Box<dyn Future<Output = Result<Outcome>> + Send>>;

/// A run of the dev server.
pub(super) struct Session {
    project: Project,
    manifests: Manifests,
    recipe: Recipe,
    hub: Arc<Hub>,
    arguments: Vec<OsString>,
    /// The public side.
    address: SocketAddr,
    url: String,
    /// Runs to its end, whatever happens meanwhile.
    build: Option<Build>,
    begun: Instant,
    /// Whether something has changed since the build began.
    again: bool,
    running: Option<Running>,
    /// Old processes that end what they have begun.
    stopping: JoinSet<()>,
    /// Whether the newest has ended because an old one had, perhaps, what only one can have: the
    /// lock of a file, a port. It is started again when they have ended.
    waits: bool,
    /// What was built last.
    built: Option<Binary>,
}

/// The newest process of the app.
struct Running {
    app: App,
    socket: SocketAddr,
    binary: u64,
    /// Whether it takes connections is watched until it has ended.
    _watching: JoinSet<()>,
}

impl Session {
    pub(super) fn new(
        project: Project,
        manifests: Manifests,
        recipe: Recipe,
        hub: Arc<Hub>,
        arguments: Vec<OsString>,
        address: SocketAddr,
    ) -> Self {
        Self {
            project,
            manifests,
            recipe,
            hub,
            arguments,
            address,
            url: browser::url(address),
            build: None,
            begun: Instant::now(),
            again: false,
            running: None,
            stopping: JoinSet::new(),
            waits: false,
            built: None,
        }
    }

    /// Goes on until it is told to quit. `proxy` then ends, and the port is free.
    pub(super) async fn run(
        mut self,
        mut changes: mpsc::Receiver<BTreeSet<PathBuf>>,
        open: bool,
        proxy: JoinHandle<()>,
    ) -> Result {
        let mut quit = Quit::new()?;
        let mut keys = Keys::listen();
        terminal::done("Serving", &self.url);
        if keys.are_there() {
            terminal::doing("Keys", "r builds, o opens the browser, q quits");
        }
        if open {
            self.open();
        }
        self.start_build();
        loop {
            tokio::select! {
                // In this order: the app may have ended because of one that ends right after it.
                biased;
                () = quit.wait() => break,
                key = keys.next() => match key {
                    b'r' => self.start_build(),
                    b'o' => self.open(),
                    b'q' => break,
                    _ => {}
                },
                Some(changed) = changes.recv() => self.changed(&changed),
                answer = self.manifests.answer() => self.described(answer),
                outcome = finished(&mut self.build) => self.built(outcome).await,
                status = ended(&mut self.running) => self.ended(status).await,
                Some(_) = self.stopping.join_next() => {}
                () = ready(()), if self.waits && self.stopping.is_empty() => {
                    self.start_again().await;
                }
            }
        }
        proxy.abort();
        drop(keys);
        self.leave(quit).await;
        Ok(())
    }

    fn changed(&mut self, changed: &BTreeSet<PathBuf>) {
        let public = self.project.place(&self.project.layout.public);
        let embedded = self.is_embedded(&self.project.public());
        let is_static = |path: &&PathBuf| path.starts_with(&public);
        let (files, sources): (Vec<_>, Vec<_>) = changed.iter().partition(is_static);
        let is_style = |path: &&PathBuf| path.extension().is_some_and(|it| it == "css");
        if !embedded && !files.is_empty() {
            terminal::done("Reloading", self.shown(&files));
            match files.iter().all(is_style) {
                true => self.hub.restyle(),
                false => self.hub.reload(),
            }
        }
        if embedded || !sources.is_empty() {
            terminal::doing("Changed", self.shown(&Vec::from_iter(changed)));
            // Cargo is asked first where what to build may be something else now.
            if !self.manifests.changed(changed) {
                self.start_build();
            }
        }
    }

    /// The package may have changed.
    fn described(&mut self, answer: Result<Project>) {
        // If there is none, or nothing to build in it, the build fails for the same reason.
        if let Ok(project) = answer
            && let Ok(recipe) = self.recipe.of(&project)
        {
            self.project = project;
            self.recipe = recipe;
        }
        self.start_build();
    }

    /// Whether the files of a folder are part of the binary: cargo then lists them as what the
    /// binary depends on.
    fn is_embedded(&self, folder: &Path) -> bool {
        let built = self.built.as_ref();
        let list = built.map(|it| it.executable.with_extension("d"));
        let list = list.and_then(|list| fs::read_to_string(list).ok());
        let folder = format!("{}/", folder.display()).replace(' ', "\\ ");
        list.is_some_and(|list| list.contains(&folder))
    }

    /// Files as a person names them, not too many.
    fn shown(&self, files: &[&PathBuf]) -> String {
        let short = |path: &Path| {
            let short = path.strip_prefix(&self.project.folder).unwrap_or(path);
            short.display().to_string()
        };
        match files {
            [] => String::new(),
            [one] => short(one),
            [first, rest @ ..] => format!("{} and {} more", short(first), rest.len()),
        }
    }

    fn start_build(&mut self) {
        if self.build.is_some() {
            self.again = true;
        } else {
            self.begun = Instant::now();
            // What comes of it is started, or told.
            self.waits = false;
            let (hub, begun) = (self.hub.clone(), self.begun);
            let progress = move |crates| hub.progress(crates, begun.elapsed());
            self.build = Some(Box::pin(self.recipe.clone().build(progress)));
        }
    }

    async fn built(&mut self, outcome: Result<Outcome>) {
        self.build = None;
        match outcome {
            Ok(Outcome::Built(binary)) => self.start(binary).await,
            Ok(Outcome::Failed(trouble)) => self.fail(trouble),
            Err(error) => {
                terminal::error(&error);
                let trouble = Trouble::new("The app cannot be built");
                self.fail(trouble.item(None, &error.to_string()));
            }
        }
        if std::mem::take(&mut self.again) {
            self.start_build();
        }
    }

    async fn start(&mut self, binary: Binary) {
        if let Err(error) = self.restart(binary).await {
            terminal::error(&error);
            let trouble = Trouble::new("The app does not start");
            self.fail(trouble.item(None, &error.to_string()));
        }
    }

    async fn start_again(&mut self) {
        self.waits = false;
        if let Some(binary) = self.built.clone() {
            self.start(binary).await;
        }
    }

    fn fail(&self, trouble: Trouble) {
        self.hub.trouble(Some(trouble));
    }

    /// Starts a binary in place of the one that runs, unless it is the same.
    async fn restart(&mut self, built: Binary) -> Result {
        let read = built.executable.clone();
        let bytes = tokio::task::spawn_blocking(move || fs::read(read).map(|it| hash(&it))).await;
        let binary = bytes
            .map_err(io::Error::other)
            .and_then(|read| read)
            .map_err(|error| Error::because("cannot read what was built", error))?;
        self.built = Some(built.clone());
        if self
            .running
            .as_ref()
            .is_some_and(|old| old.binary == binary)
        {
            terminal::done("Unchanged", self.took());
            self.hub.trouble(None);
            return Ok(());
        }
        let failed = |error| Error::because("cannot open a socket for the app", error);
        let listener = process::socket().await.map_err(failed)?;
        let socket = listener.local_addr().map_err(failed)?;
        self.hub.switch(socket).await;
        if let Some(old) = self.running.take() {
            self.stopping.spawn(old.app.stop(DRAIN));
        }
        let started = listener
            .into_std()
            .and_then(|listener| App::start(&built, &self.arguments, self.address, listener));
        match started {
            Ok(app) => {
                let mut watching = JoinSet::new();
                watching.spawn(deaf::watch(socket, self.hub.clone()));
                self.running = Some(Running {
                    app,
                    socket,
                    binary,
                    _watching: watching,
                });
                terminal::done("Running", self.took());
                Ok(())
            }
            Err(error) => {
                let error = Error::because("cannot start the app", error);
                let trouble = Trouble::new("The app does not start");
                let trouble = trouble.item(None, &error.to_string());
                self.hub.lost(socket, trouble).await;
                Err(error)
            }
        }
    }

    fn took(&self) -> String {
        let took = self.begun.elapsed();
        format!("{}, built in {:.1} s", self.url, took.as_secs_f64())
    }

    async fn ended(&mut self, status: io::Result<ExitStatus>) {
        let Some(Running { app, socket, .. }) = self.running.take() else {
            return;
        };
        let said = app.last_words().await;
        let how = status.map_or_else(|error| error.to_string(), |status| status.to_string());
        terminal::error(format!("the app has ended: {how}"));
        let mut trouble = Trouble::new(format!("The app has ended: {how}"));
        if !said.is_empty() {
            trouble = trouble.item(None, &said);
        }
        self.waits = !self.stopping.is_empty();
        let again = match self.waits {
            true => {
                terminal::doing("Waiting", "for the one before it to end its responses");
                "It starts again when the one before it has ended its responses."
            }
            false => "It starts again with the next change, or with the key r.",
        };
        trouble = trouble.item(None, again);
        if !self.waits && said.contains("in use") {
            let help = "An app that says that its address is in use opens a socket of its own: \
                        let it call anabranch::listen, which takes the one it is given.";
            terminal::doing("Help", help);
            trouble = trouble.item(None, help);
        }
        self.hub.lost(socket, trouble).await;
    }

    fn open(&self) {
        if let Err(error) = browser::open(&self.url) {
            terminal::error(format!("cannot open a browser for {}: {error}", self.url));
        }
    }

    /// Ends everything that was started.
    async fn leave(mut self, mut quit: Quit) {
        // Cargo, if it runs.
        self.build = None;
        if let Some(running) = self.running.take() {
            self.stopping.spawn(running.app.stop(LEAVE));
        }
        let all_ended = async { while self.stopping.join_next().await.is_some() {} };
        tokio::select! {
            () = all_ended => {}
            () = tokio::time::sleep(LEAVE) => {}
            // Asked twice.
            () = quit.wait() => {}
        }
        // What is left is killed as it is dropped.
    }
}

/// The end of the build, if there is one.
async fn finished(build: &mut Option<Build>) -> Result<Outcome> {
    match build {
        Some(build) => build.await,
        None => std::future::pending().await,
    }
}

/// The end of the app, if it runs.
async fn ended(running: &mut Option<Running>) -> io::Result<ExitStatus> {
    match running {
        Some(running) => running.app.ended().await,
        None => std::future::pending().await,
    }
}
