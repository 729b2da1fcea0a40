//! `cargo anabranch dev`: watches the sources, builds, starts the app anew and has browsers reload.
//!
//! ```text
//! browser -> proxy -> the socket of the app's newest process -> app
//!              ^
//! files -> watch -> build -> session -> hub -> events -> the script in the page
//! ```
//!
//! The public port belongs to this process from the beginning to the end. Each process of the app
//! gets a socket that was opened for it, before it runs: requests wait there, in the kernel's
//! queue, until it accepts. The process before it is told to stop only when no more connections
//! to it are in the making, and ends what it has begun.
//!
//! # Why a proxy
//! The script could also come from the app, in builds made for development. It would then need
//! code in the app, nothing could be shown before the first build has succeeded, and the app would
//! have to know of every change that is not its own. The proxy passes frames on as they come, and
//! a document names what it was made by, so that its script knows at once whether it is old.
//!
//! # Layout
//! - `snapshot`, `watch`: what has changed; `manifests`: where to look for it.
//! - `build`, `message`, `said`, `place`, `trouble`: cargo, and what it says.
//! - `session`: what is to be done about it; `process`, `tail`, `deaf`: the app as a process,
//!   the last it has said, and whether it takes connections.
//! - `hub`: where the app is and what browsers show; `events`: how they hear of it.
//! - `proxy`, `guard`, `exchange`: requests and responses; `with_script`, `document`, `policy`,
//!   `script`: documents.
//! - `keys`, `quit`, `browser`: the person in front of it.

mod browser;
pub(crate) mod build;
mod deaf;
mod document;
mod events;
mod exchange;
mod guard;
mod hub;
mod keys;
mod manifests;
mod message;
mod place;
mod policy;
pub(crate) mod process;
mod proxy;
pub(crate) mod quit;
mod said;
mod script;
mod session;
mod snapshot;
mod tail;
mod trouble;
mod watch;
mod with_script;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::net::{IpAddr, Ipv4Addr};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use self::build::Recipe;
use self::guard::Guard;
use self::hub::Hub;
use self::manifests::Manifests;
use self::session::Session;
use crate::error::{Error, Result};
use crate::project::{Project, Selection};

/// Serve the app, and build and reload it whenever a file changes
///
/// A page that is open reloads when a build is good, and shows the compiler's errors when it is
/// not. Stylesheets and other files of `public/` need no build. Requests wait while the app starts
/// anew; none is lost.
///
/// The app takes its socket with `anabranch::listen`. Keys: r builds, o opens the browser, q quits.
#[derive(Debug, Args)]
pub(crate) struct Dev {
    #[command(flatten)]
    selection: Selection,
    /// The port to listen on, 0 for any that is free
    #[arg(long, env = "PORT", default_value_t = 3000)]
    port: u16,
    /// The address to listen on
    #[arg(
        long,
        env = "HOST",
        value_name = "ADDRESS",
        default_value = "127.0.0.1",
        value_parser = address
    )]
    host: IpAddr,
    /// A host name under which the app may be asked for, besides localhost; may be repeated
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
    /// Open the browser
    #[arg(long)]
    open: bool,
    /// Features of the app to switch on
    #[arg(short = 'F', long, value_name = "FEATURES")]
    features: Vec<String>,
    /// Build with optimizations
    #[arg(short, long)]
    release: bool,
    /// Arguments for the app
    #[arg(last = true, value_name = "ARGUMENTS")]
    arguments: Vec<OsString>,
}

impl Dev {
    pub(crate) fn run(self) -> Result<ExitCode> {
        let project = Project::find(&self.selection)?;
        project.has_app()?;
        let runtime = Runtime::new().map_err(|error| Error::because("cannot start", error))?;
        runtime.block_on(self.serve(project))?;
        Ok(ExitCode::SUCCESS)
    }

    async fn serve(self, project: Project) -> Result {
        let recipe = Recipe::new(&project, self.cargo_arguments(), io::stderr().is_terminal())?;
        let listener = self.listen().await?;
        let address = listener
            .local_addr()
            .map_err(|error| Error::because("cannot listen", error))?;
        let manifests = Manifests::new(self.selection, &project);
        let changes = watch::watch(manifests.sources())?;
        let hub = Arc::new(Hub::new());
        let guard = Guard::new(self.allow_host);
        let proxy = tokio::spawn(proxy::serve(listener, hub.clone(), guard));
        let session = Session::new(project, manifests, recipe, hub, self.arguments, address);
        session.run(changes, self.open, proxy).await
    }

    fn cargo_arguments(&self) -> Vec<String> {
        let features = self.features.iter();
        let features = features.map(|features| format!("--features={features}"));
        let release = self.release.then(|| "--release".to_owned());
        features.chain(release).collect()
    }

    async fn listen(&self) -> Result<TcpListener> {
        let (host, port) = (self.host, self.port);
        let bound = TcpListener::bind((host, port)).await;
        bound.map_err(|error| {
            let message = format!("cannot listen on {host}, port {port}");
            let hint = match error.kind() {
                io::ErrorKind::AddrInUse => "; choose another with --port, or 0 for any",
                _ => "",
            };
            Error::because(message, format!("{error}{hint}"))
        })
    }
}

/// An address, or the name that everybody has for this machine.
fn address(text: &str) -> std::result::Result<IpAddr, String> {
    match text.eq_ignore_ascii_case("localhost") {
        true => Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        false => text.parse().map_err(|_| {
            "it is neither an address nor `localhost`; the variable HOST is read, too".to_owned()
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn localhost_is_an_address_to_listen_on() {
        for (text, listens_on) in [
            ("localhost", Some("127.0.0.1")),
            ("0.0.0.0", Some("0.0.0.0")),
            ("::1", Some("::1")),
            ("delta.example", None),
            ("", None),
        ] {
            let host = address(text).ok().map(|host| host.to_string());
            assert_eq!(host.as_deref(), listens_on, "{text}");
        }
    }
}
