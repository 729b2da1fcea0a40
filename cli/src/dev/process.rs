//! Processes that are started here, and how they end.

use std::env;
use std::ffi::OsString;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, IsTerminal};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use super::build::Binary;
use super::tail::Tail;
use crate::terminal;

/// The first file descriptor that is handed over, by the protocol of systemd.
const FIRST: i32 = 3;

/// Where the system looks for libraries.
const LIBRARIES: &str = match cfg!(target_os = "macos") {
    true => "DYLD_FALLBACK_LIBRARY_PATH",
    false => "LD_LIBRARY_PATH",
};

/// A child and all that it has started. Killed with this, so that nothing is left behind.
#[derive(Debug)]
pub(crate) struct Group(Option<Pid>);

impl Group {
    /// That of a child which was started in a group of its own.
    pub(crate) fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self(id.and_then(Pid::from_raw))
    }

    /// Leaves alone what is still there.
    pub(crate) fn release(mut self) {
        self.0 = None;
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Whoever is left of it; mostly nobody is.
        let _ = self.0.map(|pid| kill_process_group(pid, Signal::KILL));
    }
}

/// A socket for one process of the app. Whoever could ask for it would go around the guard, so it
/// has an address that cannot be guessed where a whole network is this machine.
pub(crate) async fn socket() -> io::Result<tokio::net::TcpListener> {
    let [_, a, b, c, ..] = RandomState::new().hash_one(()).to_be_bytes();
    match tokio::net::TcpListener::bind((Ipv4Addr::new(127, a, b, c), 0)).await {
        Ok(listener) => Ok(listener),
        Err(_) => tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await,
    }
}

/// A process of the app.
#[derive(Debug)]
pub(crate) struct App {
    child: Child,
    said: Option<Tail>,
    pid: Option<Pid>,
    _group: Group,
}

impl App {
    /// Starts a binary and gives it the socket on which it is to listen. What it tells people is
    /// the address of the public side.
    pub(crate) fn start(
        binary: &Binary,
        arguments: &[OsString],
        public: SocketAddr,
        socket: TcpListener,
    ) -> io::Result<Self> {
        let mut command = Command::new(&binary.executable);
        command
            .args(arguments)
            .env("HOST", public.ip().to_string())
            .env("PORT", public.port().to_string())
            .env("LISTEN_FDS", "1")
            // It names the process that the sockets are for, which has no number yet.
            .env_remove("LISTEN_PID")
            .env_remove("LISTEN_FDS_FIRST_FD")
            // Keys are for this process.
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        if io::stdout().is_terminal() && io::stderr().is_terminal() {
            // Its standard error is a pipe, which it would take for no terminal.
            command.env("CLICOLOR_FORCE", "1");
        }
        if !binary.libraries.is_empty() {
            command.env(LIBRARIES, search_path(&binary.libraries)?);
        }
        let mapping = FdMapping {
            parent_fd: OwnedFd::from(socket),
            child_fd: FIRST,
        };
        command
            .fd_mappings(vec![mapping])
            .map_err(io::Error::other)?;
        let mut child = command.spawn()?;
        let group = Group::of(&child);
        Ok(Self {
            said: child
                .stderr
                .take()
                .map(|said| Tail::of(said, terminal::bytes)),
            child,
            pid: group.0,
            _group: group,
        })
    }

    /// Waits until it ends by itself.
    ///
    /// # Cancel safety
    /// It may be called again.
    pub(crate) async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// The last lines that it has said on its standard error, once it has ended.
    pub(crate) async fn last_words(mut self) -> String {
        match &mut self.said {
            Some(said) => {
                said.ended().await;
                said.lines()
            }
            None => String::new(),
        }
    }

    /// Tells it to stop, and kills it if it has not when the time is over.
    pub(crate) async fn stop(mut self, patience: Duration) {
        // Reaped or not: `wait` has not returned, so the number is still its own.
        let _ = self.pid.map(|pid| kill_process(pid, Signal::TERM));
        if timeout(patience, self.child.wait()).await.is_err() {
            terminal::error("the app has not stopped in time and is killed");
        } else if let Some(said) = &mut self.said {
            said.ended().await;
        }
    }
}

/// Folders before those that are searched as it is.
fn search_path(folders: &[PathBuf]) -> io::Result<OsString> {
    let before = env::var_os(LIBRARIES).unwrap_or_default();
    let before = env::split_paths(&before).filter(|folder| !folder.as_os_str().is_empty());
    env::join_paths(folders.iter().cloned().chain(before)).map_err(io::Error::other)
}
