//! A process that has no file left for another connection. The limit is the process's, so this is
//! one test.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::fs::File;
use std::future::pending;
use std::io::{self, Write};
use std::net::TcpStream;

use anabranch_server::Server;
use axum::Router;
use axum::routing::get;
use rustix::process::{Resource, getrlimit, setrlimit};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tracing_subscriber::fmt::MakeWriter;

const CLIENTS: usize = 5;

/// Enough for the test itself, and few enough to be used up at once.
const FILES: u64 = 128;

#[tokio::test]
async fn it_waits_for_room_and_goes_on() {
    let (log, mut logged) = unbounded_channel();
    let subscriber = tracing_subscriber::fmt().with_writer(Log(log)).finish();
    let _subscriber = tracing::subscriber::set_default(subscriber);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // They have their files, and the kernel holds their connections.
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let mut client = TcpStream::connect(address).unwrap();
            client
                .write_all(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                .unwrap();
            client
        })
        .collect();

    let files = all_files();
    let app = Router::new().route("/", get(async || "hello"));
    let server = Server::new().without_layers().shutdown_on(pending());
    let server = tokio::spawn(server.serve(listener, app));
    loop {
        let line = logged.recv().await.unwrap();
        if line.contains("cannot accept connections") {
            break;
        }
    }
    drop(files);

    for client in clients {
        client.set_nonblocking(true).unwrap();
        let mut client = tokio::net::TcpStream::from_std(client).unwrap();
        let mut response = String::new();
        client.read_to_string(&mut response).await.unwrap();
        assert!(response.ends_with("hello"), "{response}");
    }
    server.abort();
}

/// Opens files until there is no other to be had.
fn all_files() -> Vec<File> {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = Some(FILES);
    setrlimit(Resource::Nofile, limit).unwrap();
    let files: Vec<_> = std::iter::from_fn(|| File::open("/dev/null").ok()).collect();
    assert!(File::open("/dev/null").is_err());
    files
}

/// Sends what is logged on.
#[derive(Clone)]
struct Log(UnboundedSender<String>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // The test has ended, and what is logged still is of no interest.
        let _ = self.0.send(String::from_utf8_lossy(bytes).into_owned());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}
