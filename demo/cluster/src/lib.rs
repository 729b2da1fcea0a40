//! A PostgreSQL server with a folder of its own, which ends with the process that started it.
//!
//! The demo's tests and the benchmarks of the demo run on it. Its programs are found in `PATH`, or
//! where Debian puts them.

use std::io::{self, BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, thread};

/// What runs the server where this process runs as root, which PostgreSQL refuses to: "nobody".
const NOBODY: u32 = 65_534;

/// Starts the server, and ends it when this process has ended, in whatever way: nobody else holds
/// the other end of the pipe.
const KEEPER: &str = r#"
    "$@" & server=$!
    exec 2>&-
    read -r _
    kill -INT "$server"
    wait "$server"
    rm -rf "$PWD"
"#;

/// Nothing here need survive a crash. Compiling queries would disturb the first ones only.
const SETTINGS: [&str; 4] = [
    "fsync=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "jit=off",
];

/// A running server. Its user is `demo`, and it has the database `postgres`, which is empty.
#[derive(Debug)]
pub struct Cluster {
    folder: PathBuf,
    // Holds the pipe that keeps the server alive.
    _keeper: Child,
}

impl Cluster {
    /// Starts a server with `programs`, by `spawn`, which may say where it runs. It has `settings`
    /// besides those that each has here, such as `full_page_writes=off`.
    ///
    /// # Errors
    /// If a program fails; the message is what PostgreSQL says.
    pub fn start<E: From<io::Error>>(
        programs: &Path,
        settings: &[&str],
        spawn: impl FnOnce(&mut Command) -> Result<Child, E>,
    ) -> Result<Self, E> {
        let folder = tempfile::tempdir()?;
        let is_root = fs::metadata(&folder)?.uid() == 0;
        if is_root {
            chown(folder.path(), Some(NOBODY), Some(NOBODY))?;
        }
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder).env("LC_ALL", "C");
            if is_root {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        };
        let made = command(&programs.join("initdb"))
            .args(["--pgdata=data", "--username=demo", "--auth=trust"])
            .args(["--encoding=UTF8", "--no-sync"])
            .output()?;
        if !made.status.success() {
            let said = String::from_utf8_lossy(&made.stderr);
            return Err(io::Error::other(said.trim()).into());
        }
        let settings = SETTINGS.iter().chain(settings);
        let mut keeper = command(Path::new("/bin/sh"));
        keeper
            .args(["-c", KEEPER, "sh"])
            .arg(programs.join("postgres"))
            .args(["-D", "data", "-k"])
            .arg(folder.path())
            .args(settings.flat_map(|setting| ["-c", setting]))
            // Ctrl-C in a terminal ends this process, and only thereby the server.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut keeper = spawn(&mut keeper)?;
        let log = keeper.stderr.take();
        let log = log.ok_or_else(|| io::Error::other("the server has no log"))?;
        await_ready(BufReader::new(log))?;
        Ok(Self {
            // The keeper removes it, after the server that writes there.
            folder: folder.keep(),
            _keeper: keeper,
        })
    }

    /// The folder of its socket.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The address of a database of this name.
    #[must_use]
    pub fn address(&self, database: &str) -> String {
        let host = self.folder.to_string_lossy().replace('/', "%2F");
        format!("postgres://demo@{host}/{database}")
    }
}

/// Reads what the server says until it is ready, and then for ever, so that it can go on.
fn await_ready(mut log: BufReader<impl io::Read + Send + 'static>) -> io::Result<()> {
    let mut said = String::new();
    while !said.contains("ready to accept connections") {
        if log.read_line(&mut said)? == 0 {
            let problem = format!("PostgreSQL does not start: {}", said.trim());
            return Err(io::Error::other(problem));
        }
    }
    thread::spawn(move || io::copy(&mut log, &mut io::sink()));
    Ok(())
}

/// The folder of the newest server programs, if PostgreSQL is installed.
#[must_use]
pub fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql");
    let mut versions: Vec<_> = versions.into_iter().flatten().flatten().collect();
    let number = |version: &fs::DirEntry| version.file_name().to_str()?.parse::<u32>().ok();
    versions.sort_by_key(|version| std::cmp::Reverse(number(version)));
    env::split_paths(&path)
        .chain(versions.iter().map(|version| version.path().join("bin")))
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}
