//! The program as it is started: from two terminals at once, with no database there.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::stores::flights;

/// A running demo, ended when dropped.
struct Demo {
    child: Child,
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Demo {
    fn start(database: impl AsRef<OsStr>) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_demo"))
            .env("DEMO_DB", database.as_ref())
            .env("PORT", "0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self { child }
    }

    /// Waits for the line that says where it listens.
    fn address(&mut self) -> String {
        let stdout = self.child.stdout.take().unwrap();
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let url = line.strip_prefix("Listening on http://").unwrap();
        url.trim_end().to_owned()
    }
}

fn get(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response
}

/// What the program says before it ends, with this `PORT`.
fn refused(port: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_demo"))
        .env("DEMO_DB", folder.path().join("flights.sqlite"))
        .env("PORT", port)
        .output()
        .unwrap();
    assert!(!output.status.success());
    // No port, no import.
    assert_eq!(folder.path().read_dir().unwrap().count(), 0);
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_port_that_cannot_be_had_is_named() {
    for port in ["abc", "65536", ""] {
        let said = refused(port);
        let expected = format!("PORT is \"{port}\". Set it to a number up to 65535");
        assert!(said.starts_with(&expected), "{said}");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let said = refused(&port);
    let expected = format!("Cannot listen on port {port}: ");
    assert!(
        said.starts_with(&expected) && said.contains("the variable PORT"),
        "{said}"
    );
}

#[test]
fn two_programs_that_start_together_share_one_import() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("flights.sqlite");
    let mut demos = [Demo::start(&database), Demo::start(&database)];
    for demo in &mut demos {
        let response = get(&demo.address(), "/health");
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }
    let mut files: Vec<_> = folder
        .path()
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    files.sort();
    // The last two are SQLite's, while the database is open.
    let suffixes = ["", "-lock", "-shm", "-wal"];
    assert_eq!(
        files,
        suffixes.map(|suffix| OsString::from(format!("flights.sqlite{suffix}")))
    );
}

#[tokio::test]
async fn an_address_leads_to_a_server() {
    let Some(cluster) = flights::shared().await else {
        return;
    };
    let mut demo = Demo::start(cluster.address(flights::NAME));
    let response = get(&demo.address(), "/airlines/UA");
    assert!(response.contains("United Air Lines"), "{response}");
}

#[test]
fn a_server_that_is_not_there_is_an_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_demo"))
        .env("DEMO_DB", "postgres://demo@%2Fnowhere/flights")
        .env("PORT", "0")
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(said.contains("No such file"), "{said}");
}
