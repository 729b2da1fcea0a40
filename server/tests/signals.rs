//! A signal that comes twice. It ends the process, so the server has one of its own.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use anabranch_server::Server;
use axum::Router;
use axum::routing::get;
use rustix::process::{Pid, Signal, kill_process};
use tokio::net::TcpListener;

/// Set in the process of the server.
const IS_SERVER: &str = "ANABRANCH_TEST_IS_SERVER";

/// How long the app blocks its thread if the process does not end.
const LONG: Duration = Duration::from_secs(20);

/// Nobody can take the thread from an app, but the process ends.
#[test]
fn a_second_signal_ends_also_a_process_that_is_blocked() {
    if env::var_os(IS_SERVER).is_some() {
        return serve();
    }
    let mut server = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture"])
        .arg("a_second_signal_ends_also_a_process_that_is_blocked")
        .env(IS_SERVER, "")
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines();
    let mut line_with = |text: &str| {
        let mut lines = lines.by_ref().map(Result::unwrap);
        lines.find(|line| line.contains(text)).unwrap()
    };
    let listens = line_with("listens at ");
    let (_, address) = listens.split_once("listens at ").unwrap();
    let mut client = TcpStream::connect(address).unwrap();
    client
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        .unwrap();
    line_with("blocked");
    terminate(&server);
    line_with("connections do not end");
    terminate(&server);
    assert_eq!(server.wait().unwrap().code(), Some(128 + 15));
}

fn terminate(process: &Child) {
    kill_process(Pid::from_child(process), Signal::TERM).unwrap();
}

#[tokio::main(worker_threads = 2)]
async fn serve() {
    tracing_subscriber::fmt()
        .with_writer(std::io::stdout)
        .init();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    tracing::info!("listens at {}", listener.local_addr().unwrap());
    let app = Router::new().route("/", get(async || block()));
    let server = Server::new().without_layers().drain(Duration::ZERO);
    server.serve(listener, app).await.unwrap();
}

fn block() {
    tracing::info!("blocked");
    let (_never, comes) = channel::<()>();
    let _ = comes.recv_timeout(LONG);
}
