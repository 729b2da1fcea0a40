//! A run of the command, and its builds.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use pty_process::blocking::{Pty, open};
use tempfile::TempDir;

use crate::client::{Client, Events};

/// Nothing here takes long. Only what hangs comes to this.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A running dev server in a package of its own. Ended when dropped.
pub(crate) struct Run {
    pub(crate) folder: TempDir,
    pub(crate) process: Child,
    /// Host and port of the public side.
    pub(crate) address: String,
    /// Where keys are pressed, if it was started at a terminal.
    pub(crate) terminal: Option<Pty>,
    cargo: TcpListener,
    /// What the command says, line by line.
    lines: Receiver<String>,
}

/// A build that waits for what the test makes of it.
pub(crate) struct Build {
    /// What is in `app/page.txt`.
    pub(crate) page: String,
    cargo: TcpStream,
}

/// What a part of the fixture's page waits for.
pub(crate) struct Gate {
    pub(crate) address: String,
    waiting: TcpListener,
}

impl Gate {
    pub(crate) fn shut() -> Self {
        let waiting = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            address: waiting.local_addr().unwrap().to_string(),
            waiting,
        }
    }

    /// Lets the part that waits go on, once it is there.
    pub(crate) fn open(self) {
        drop(self.wait());
    }

    /// Waits until something waits here, for as long as what is returned is held.
    pub(crate) fn wait(self) -> TcpStream {
        self.waiting.accept().unwrap().0
    }
}

impl Run {
    /// Starts it. The first build waits.
    pub(crate) fn start() -> Self {
        Self::start_with(|program, arguments, environment| {
            let mut command = Command::new(program);
            command.args(arguments).envs(environment);
            command.env_remove("PORT").env_remove("HOST");
            command.env_remove("CARGO_TARGET_DIR");
            command.stdin(Stdio::null()).stderr(Stdio::piped());
            (command.spawn().unwrap(), None)
        })
    }

    /// Starts it at a terminal of its own, and has the first build succeed.
    pub(crate) fn at_terminal() -> Self {
        let run = Self::start_with(|program, arguments, environment| {
            let (terminal, end) = open().unwrap();
            let command = pty_process::blocking::Command::new(program);
            let command = command.args(arguments).envs(environment);
            let command = command.env_remove("PORT").env_remove("HOST");
            let command = command.env_remove("CARGO_TARGET_DIR");
            let process = command.stderr(Stdio::piped()).spawn(end).unwrap();
            (process, Some(terminal))
        });
        run.says("Keys");
        run.build().succeeds();
        run.says("Running");
        run
    }

    /// Starts it. `spawn` gets the program, its arguments and its environment.
    fn start_with(
        spawn: impl FnOnce(&str, [&str; 6], [(&str, &str); 6]) -> (Child, Option<Pty>),
    ) -> Self {
        let folder = package();
        let cargo = TcpListener::bind("127.0.0.1:0").unwrap();
        let manifest = folder.path().join("Cargo.toml");
        let path = manifest.to_str().unwrap();
        let arguments = ["anabranch", "dev", "--port", "0", "--manifest-path", path];
        let fake_cargo = env!("CARGO_BIN_EXE_fake-cargo");
        let environment = [
            ("REAL_CARGO", env!("CARGO")),
            ("CARGO", fake_cargo),
            ("BROWSER", fake_cargo),
            ("FAKE_CARGO", &cargo.local_addr().unwrap().to_string()),
            ("FAKE_PACKAGE", &id(&manifest)),
            ("FIXTURE_APP", env!("CARGO_BIN_EXE_fixture-app")),
        ];
        let program = env!("CARGO_BIN_EXE_tested-cargo-anabranch");
        let (mut process, terminal) = spawn(program, arguments, environment);
        let stderr = BufReader::new(process.stderr.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                eprintln!("dev: {line}");
                // The test may have ended.
                let _ = sender.send(line);
            }
        });
        let mut run = Self {
            folder,
            process,
            address: String::new(),
            terminal,
            cargo,
            lines,
        };
        let line = run.says("Serving http://");
        run.address = line.rsplit_once("http://").unwrap().1.to_owned();
        run
    }

    /// Starts it and has the first build succeed.
    pub(crate) fn started() -> Self {
        let run = Self::start();
        run.build().succeeds();
        run.says("Running");
        run
    }

    /// Presses a key at its terminal.
    pub(crate) fn press(&self, key: char) {
        let mut terminal = self.terminal.as_ref().unwrap();
        write!(terminal, "{key}").unwrap();
    }

    /// Waits for a line with this text.
    pub(crate) fn says(&self, text: &str) -> String {
        loop {
            let line = self.lines.recv_timeout(LONG);
            let line = line.unwrap_or_else(|error| panic!("it never says {text:?}: {error}"));
            if line.contains(text) {
                return line;
            }
        }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the package.
    pub(crate) fn save(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    /// Changes what the page says.
    pub(crate) fn save_page(&self, text: &str) {
        self.save("app/page.txt", text);
    }

    /// Waits for the next build.
    pub(crate) fn build(&self) -> Build {
        let (cargo, _) = self.cargo.accept().unwrap();
        cargo.set_read_timeout(Some(LONG)).unwrap();
        let mut page = String::new();
        BufReader::new(&cargo).read_line(&mut page).unwrap();
        let page = page.trim_end().to_owned();
        Build { page, cargo }
    }

    /// Whether cargo has been started, and nobody has asked for that build.
    pub(crate) fn has_build(&self) -> bool {
        self.cargo.set_nonblocking(true).unwrap();
        let accepted = self.cargo.accept().is_ok();
        self.cargo.set_nonblocking(false).unwrap();
        accepted
    }

    pub(crate) fn get(&self, path: &str) -> Client {
        Client::get(&self.address, path, &[])
    }

    /// A browser's request for a document.
    pub(crate) fn navigate(&self, path: &str) -> Client {
        Client::get(&self.address, path, &[("Sec-Fetch-Dest", "document")])
    }

    pub(crate) fn events(&self) -> Events {
        Events::open(&self.address)
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if let Ok(None) = self.process.try_wait() {
            // It ends what it has started, which a kill would leave behind.
            terminate(&self.process);
            let _ = self.process.wait();
        }
    }
}

impl Build {
    /// One of the dependencies is there.
    pub(crate) fn has_a_crate(&self) {
        writeln!(&self.cargo, "crate").unwrap();
    }

    pub(crate) fn succeeds(self) {
        writeln!(&self.cargo, "built").unwrap();
    }

    pub(crate) fn fails(self, text: &str) {
        writeln!(&self.cargo, "failed {text}").unwrap();
    }

    /// Waits until the cargo of this build has ended.
    pub(crate) fn cargo_has_gone(self) {
        let read = (&self.cargo).read(&mut [0]);
        // A process that is killed may reset its connection.
        assert!(!matches!(read, Ok(1..)), "it still talks");
    }
}

pub(crate) fn terminate(process: &Child) {
    rustix::process::kill_process(
        rustix::process::Pid::from_child(process),
        rustix::process::Signal::TERM,
    )
    .unwrap();
}

/// A package that cargo can describe.
fn package() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "Cargo.toml",
            "[package]\nname = \"hello\"\nedition = \"2024\"\n\n[workspace]\n",
        ),
        ("src/main.rs", "fn main() {}\n"),
        ("app/page.txt", "first"),
        ("public/style.css", "h1 { color: red }"),
        ("target/CACHEDIR.TAG", ""),
    ] {
        let file = folder.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    folder
}

/// What cargo calls the package.
fn id(manifest: &Path) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--manifest-path"])
        .arg(manifest)
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["workspace_members"][0]
        .as_str()
        .unwrap()
        .to_owned()
}
