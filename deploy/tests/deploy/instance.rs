//! An instance of the app, as a process.

use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running instance, killed when dropped.
pub(crate) struct Instance {
    /// Where it listens.
    pub(crate) address: String,
    process: Child,
}

impl Instance {
    /// Starts one on a port, 0 for any, and waits until it listens.
    pub(crate) async fn start(port: &str) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_hello"));
        program.env("PORT", port).env_remove("HOST");
        Self::of(program).await
    }

    /// Starts this program, and waits until it listens.
    pub(crate) async fn of(mut program: Command) -> Self {
        let mut process = program
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("cargo has built it");
        let stdout = process.stdout.take().expect("it is piped");
        let line = BufReader::new(stdout).lines().next_line().await;
        let line = line.expect("a pipe").expect("it says where it listens");
        let address = line.strip_prefix("Listening on ");
        Self {
            address: address.expect("what it says").to_owned(),
            process,
        }
    }

    /// Stops it, and starts another in its place.
    pub(crate) async fn replace(&mut self) {
        self.stop().await;
        let port = self.address.rsplit(':').next().expect("an address");
        *self = Self::start(port).await;
    }

    /// Stops it by SIGTERM and waits until it has ended, as it should.
    pub(crate) async fn stop(&mut self) {
        let number = self.process.id().and_then(|id| id.try_into().ok());
        let pid = number.and_then(Pid::from_raw).expect("it still runs");
        kill_process(pid, Signal::TERM).expect("it is ours");
        let status = self.process.wait().await.expect("it is ours");
        assert!(status.success(), "{status}");
    }
}
