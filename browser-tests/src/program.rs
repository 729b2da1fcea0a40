//! Programs that a test starts: found, started with a folder of their own, and surely ended.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::{Error, Result};

/// How long a program may take to start. It only guards against hanging.
const START: Duration = Duration::from_secs(120);

/// The first program of these names in the folders of `path`.
pub(crate) fn find(names: &[&str], path: &OsStr) -> Option<PathBuf> {
    env::split_paths(path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

/// The folder for the profile of one browser. It does not exist yet.
pub(crate) fn fresh_folder() -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    env::temp_dir().join(format!("paint-{}-{count}", std::process::id()))
}

/// A running program, which ends when this is dropped, or with this process.
#[derive(Debug)]
pub(crate) struct Program {
    // It ends before its folder is removed.
    child: Child,
    _reaper: Reaper,
}

impl Program {
    /// Starts a program that uses `folder`, which is removed at its end.
    pub(crate) fn start(command: &mut Command, folder: &Path) -> Result<Self> {
        let name = command.get_program().display().to_string();
        let child = command
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| Error::because(format!("{name} does not start"), error))?;
        let reaper = Reaper::start(child.id(), folder)?;
        Ok(Self {
            child,
            _reaper: reaper,
        })
    }

    /// What the program writes to its piped standard output.
    pub(crate) fn stdout(&mut self) -> Option<impl Read + Send + 'static> {
        self.child.stdout.take()
    }

    /// What the program writes to its piped standard error.
    pub(crate) fn stderr(&mut self) -> Option<impl Read + Send + 'static> {
        self.child.stderr.take()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The first line that `choose` accepts. What follows is read too, and forgotten: a program that
/// cannot write would stand still.
pub(crate) fn first_line<T: Send + 'static>(
    output: impl Read + Send + 'static,
    choose: impl Fn(&str) -> Option<T> + Send + 'static,
) -> Result<T> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(|line| line.ok()) {
            if let Some(chosen) = choose(&line) {
                // Only the first is received.
                let _ = send.send(chosen);
            }
        }
    });
    receive
        .recv_timeout(START)
        .map_err(|error| Error::because("a program does not say that it is ready", error))
}

/// Ends a program and removes its folder when this process has gone, however it went.
///
/// A browser in a static is never dropped, so something outside of the process must see its end:
/// a shell that waits for the end of its input.
#[derive(Debug)]
pub(crate) struct Reaper(Child);

impl Reaper {
    /// Starts to wait for the end of this process.
    pub(crate) fn start(program: u32, folder: &Path) -> Result<Self> {
        // The shell outlives an interrupt from the keyboard, which goes to it as well. A program
        // that is still there after two seconds is not asked again, and what its
        // helpers still write is removed as well.
        const SCRIPT: &str = "trap '' INT; cat >/dev/null; kill \"$0\" 2>/dev/null; \
            n=0; while kill -0 \"$0\" 2>/dev/null && [ $n -lt 20 ]; do sleep 0.1; n=$((n+1)); done; \
            kill -KILL \"$0\" 2>/dev/null; \
            n=0; while rm -rf -- \"$1\"; sleep 0.1; [ -e \"$1\" ] && [ $n -lt 20 ]; do n=$((n+1)); done";
        Command::new("sh")
            .args(["-c", SCRIPT, &program.to_string()])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map(Self)
            .map_err(|error| Error::because("cannot start the shell that ends a program", error))
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // The process was started by this one, so waiting can fail only when it is gone.
        let _ = self.0.wait();
    }
}
