//! A server in a process of its own: it can be measured, signalled, and asked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::Tried;
use crate::limits::Limits;
use crate::process;
use crate::row::failed;
use crate::wait::{PATIENCE, until};

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Says where the battery's program is, for those that are not that program themselves.
pub fn use_program(path: impl Into<PathBuf>) {
    // All tests of one process say the same.
    let _ = PROGRAM.set(path.into());
}

fn program() -> Tried<PathBuf> {
    let said = PROGRAM.get().cloned();
    said.map_or_else(|| std::env::current_exe().map_err(failed), Ok)
}

/// A running server. Dropping it kills it.
#[derive(Debug)]
pub struct Child {
    /// Where it listens.
    pub address: SocketAddr,
    process: Mutex<std::process::Child>,
    id: u32,
    channel: Mutex<Channel>,
    printed: Arc<Mutex<Vec<String>>>,
}

/// The row's end of the channel to the app.
#[derive(Debug)]
struct Channel {
    questions: ChildStdin,
    answers: Receiver<String>,
}

impl Child {
    /// Starts a process that serves the app of that name.
    ///
    /// # Errors
    /// If it does not start.
    pub fn start(app: &str, limits: &Limits) -> Tried<Self> {
        Self::start_program(&program()?, app, limits)
    }

    fn start_program(program: &Path, app: &str, limits: &Limits) -> Tried<Self> {
        let mut process = Command::new(program)
            .arg("serve")
            .arg(app)
            .args(limits.arguments())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", program.display()))?;
        let pipes = (
            process.stdin.take(),
            process.stdout.take(),
            process.stderr.take(),
        );
        let (Some(questions), Some(stdout), Some(stderr)) = pipes else {
            return Err("a child without pipes".to_owned());
        };
        let answers = lines_of(stdout);
        let printed = kept(stderr);
        let Ok(address) = answers.recv_timeout(PATIENCE) else {
            // It may have ended by itself, which is as good.
            let _ = process.kill();
            let _ = process.wait();
            return Err(format!("{app} does not start: {:?}", lock(&printed)));
        };
        Ok(Self {
            address: address.parse().map_err(failed)?,
            id: process.id(),
            process: Mutex::new(process),
            channel: Mutex::new(Channel { questions, answers }),
            printed,
        })
    }

    /// Asks what [`crate::control`] answers in one line.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn ask(&self, question: &str) -> Tried<String> {
        self.exchange(question, |answers| {
            answers.recv_timeout(PATIENCE).map_err(failed)
        })
    }

    /// The value of a counter.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn count(&self, counter: &str) -> Tried<i64> {
        self.ask(&format!("count {counter}"))?
            .parse()
            .map_err(failed)
    }

    /// Counts one more on a counter of the app's.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn add(&self, counter: &str) -> Tried {
        self.ask(&format!("add {counter}")).map(drop)
    }

    /// Opens a gate of the app's.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn open(&self, gate: &str) -> Tried {
        self.ask(&format!("open {gate}")).map(drop)
    }

    /// How many futures wait at a gate of the app's.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn waiting(&self, gate: &str) -> Tried<usize> {
        self.ask(&format!("waiting {gate}"))?
            .parse()
            .map_err(failed)
    }

    /// Waits until so many futures wait at a gate of the app's.
    ///
    /// # Errors
    /// If they do not.
    pub async fn until_waiting(&self, gate: &str, futures: usize) -> Tried {
        let all = || Ok(self.waiting(gate)? >= futures);
        until(
            PATIENCE,
            &format!("{futures} futures at the gate {gate}"),
            all,
        )
        .await?;
        Ok(())
    }

    /// The last lines of its log.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn log(&self) -> Tried<Vec<String>> {
        self.exchange("log", |answers| {
            let next = || answers.recv_timeout(PATIENCE).map_err(failed);
            let lines: usize = next()?.parse().map_err(failed)?;
            (0..lines).map(|_| next()).collect()
        })
    }

    fn exchange<T>(
        &self,
        question: &str,
        answer: impl FnOnce(&Receiver<String>) -> Tried<T>,
    ) -> Tried<T> {
        let mut channel = lock(&self.channel);
        let asked = writeln!(channel.questions, "{question}").map_err(failed);
        let answered = asked.and_then(|()| answer(&channel.answers));
        answered.map_err(|error| format!("{question}: {error}; it printed {:?}", self.printed()))
    }

    /// What it has printed to its standard error, panics among it.
    #[must_use]
    pub fn printed(&self) -> Vec<String> {
        lock(&self.printed).clone()
    }

    /// Resident memory in bytes.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn resident(&self) -> Tried<u64> {
        process::resident(self.id)
    }

    /// Open files, sockets among them.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn files(&self) -> Tried<usize> {
        process::files(self.id)
    }

    /// CPU time so far.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn cpu(&self) -> Tried<Duration> {
        process::cpu(self.id)
    }

    /// Sends it a signal.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn signal(&self, signal: Signal) -> Tried {
        let id = i32::try_from(self.id).ok().and_then(Pid::from_raw);
        kill_process(id.ok_or("no process")?, signal).map_err(failed)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// If it does not end within `limit`.
    pub async fn exited(&self, limit: Duration) -> Tried<ExitStatus> {
        let mut status = None;
        until(limit, "the end of the process", || {
            status = lock(&self.process).try_wait().map_err(failed)?;
            Ok(status.is_some())
        })
        .await?;
        status.ok_or_else(|| "no exit status".to_owned())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let mut process = lock(&self.process);
        // It may have ended by itself, which is as good.
        let _ = process.kill();
        let _ = process.wait();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lines of a pipe, as they come: to be waited for with a limit, which a read has not.
fn lines_of(pipe: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Reads a pipe to its end, so that it never fills up, and keeps what there was at first.
fn kept(pipe: ChildStderr) -> Arc<Mutex<Vec<String>>> {
    const KEPT: usize = 1_000;
    let printed: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = Arc::clone(&printed);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut printed = lock(&kept);
            if printed.len() < KEPT {
                printed.push(line);
            }
        }
    });
    printed
}
