//! A PostgreSQL server for the tests of this binary, with a folder of its own.
//!
//! It is found in `PATH`, or where Debian puts it. Where there is none, the tests that need it say
//! so and pass.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, thread};

use tokio_postgres::{Config, NoTls};

/// What runs the server when the tests run as root, which PostgreSQL refuses to: "nobody".
const NOBODY: u32 = 65_534;

/// Starts the server, and ends it when nothing can be read any more: when the tests have ended, in
/// whatever way. Their process is the only one that holds the other end.
const KEEPER: &str = r#"
    "$@" & server=$!
    exec 2>&-
    read -r _
    kill -INT "$server"
    wait "$server"
    rm -rf "$PWD"
"#;

/// Nothing here need survive a crash.
const SETTINGS: [&str; 5] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "listen_addresses=",
    "jit=off",
];

/// A running server.
pub(crate) struct Cluster {
    folder: PathBuf,
    // Holds the pipe that keeps the server alive.
    _keeper: Child,
}

impl Cluster {
    /// The server of this test binary, if PostgreSQL is installed.
    pub(crate) fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Cluster>> = OnceLock::new();
        let start = || {
            let programs = find();
            if programs.is_none() {
                // Not by `eprintln!`, which is not shown for a test that passes.
                let notice = b"PostgreSQL is not installed: what needs it is not tested\n";
                io::stderr().write_all(notice).unwrap();
            }
            programs.map(|programs| Self::start(&programs))
        };
        SHARED.get_or_init(start).as_ref()
    }

    fn start(programs: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap().keep();
        let is_root = fs::metadata(&folder).unwrap().uid() == 0;
        if is_root {
            chown(&folder, Some(NOBODY), Some(NOBODY)).unwrap();
        }
        let command = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder).env("LC_ALL", "C");
            if is_root {
                command.uid(NOBODY).gid(NOBODY);
            }
            command
        };

        let initdb = command(&programs.join("initdb"))
            .args(["--pgdata=data", "--username=demo", "--auth=trust"])
            .args(["--encoding=UTF8", "--no-sync"])
            .output()
            .unwrap();
        assert!(initdb.status.success(), "{initdb:?}");

        let mut keeper = command(Path::new("/bin/sh"));
        keeper
            .args(["-c", KEEPER, "sh"])
            .arg(programs.join("postgres"))
            .args(["-D", "data", "-k"])
            .arg(&folder)
            .args(SETTINGS.iter().flat_map(|setting| ["-c", setting]))
            // Ctrl-C in a terminal ends the tests, and only thereby the server.
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut keeper = keeper.spawn().unwrap();
        await_ready(BufReader::new(keeper.stderr.take().unwrap()));
        let _keeper = keeper;
        Self { folder, _keeper }
    }

    /// A database of this name.
    pub(crate) fn config(&self, database: &str) -> Config {
        let mut config = Config::new();
        config.host_path(&self.folder).user("demo").dbname(database);
        config
    }

    /// The address of a database of this name.
    pub(crate) fn address(&self, database: &str) -> String {
        let host = self.folder.to_str().unwrap().replace('/', "%2F");
        format!("postgres://demo@{host}/{database}")
    }

    /// Makes an empty database.
    pub(crate) async fn create(&self) -> Config {
        self.copy("template1").await
    }

    /// Makes a database like another, to which nobody is connected.
    pub(crate) async fn copy(&self, template: &str) -> Config {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let create = format!("CREATE DATABASE {name} TEMPLATE {template}");
        let client = connect(&self.config("postgres")).await;
        client.batch_execute(&create).await.unwrap();
        self.config(&name)
    }
}

/// Opens a connection beside those of a store.
pub(crate) async fn connect(config: &Config) -> tokio_postgres::Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Reads what the server says until it is ready, and then for ever, so that it can go on.
fn await_ready(mut log: BufReader<impl io::Read + Send + 'static>) {
    let mut said = String::new();
    while !said.contains("ready to accept connections") {
        assert!(log.read_line(&mut said).unwrap() > 0, "no server: {said}");
    }
    thread::spawn(move || io::copy(&mut log, &mut io::sink()));
}

/// The folder of the newest server programs.
fn find() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let versions = fs::read_dir("/usr/lib/postgresql");
    let mut versions: Vec<_> = versions.into_iter().flatten().flatten().collect();
    let number = |version: &fs::DirEntry| version.file_name().to_str()?.parse::<u32>().ok();
    versions.sort_by_key(|version| std::cmp::Reverse(number(version)));
    env::split_paths(&path)
        .chain(versions.iter().map(|version| version.path().join("bin")))
        .find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}
