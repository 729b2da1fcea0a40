//! Limits, each shortened, and what they leave alone.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anabranch_server::{Connection, End, Server};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::routing::get;
use futures_util::stream;
use tokio::runtime::Handle;
use tokio::time::sleep;

use crate::running::{Event, READERS, Running, request};

const SHORT: Duration = Duration::from_millis(100);
const LONG: Duration = Duration::from_secs(600);

/// Bytes that the kernel holds for a client at most. If it held more, a client that reads slowly
/// would look for a long time like one that does not read.
const KERNEL: usize = if cfg!(target_os = "linux") {
    1 << 20
} else {
    16 << 20
};

/// A server in which only what a test shortens is short.
fn patient() -> Server {
    Server::new()
        .head_timeout(LONG)
        .idle_timeout(LONG)
        .stall_timeout(LONG)
}

fn hello() -> Router {
    Router::new().route("/", get(|| async { "hello" }))
}

#[tokio::test]
async fn who_sends_nothing_is_disconnected() {
    let server = Running::with(patient().head_timeout(SHORT), hello()).await;
    let mut client = server.connect().await;
    assert_eq!(client.rest().await.unwrap(), "");
}

/// The server has slept meanwhile, and its clock with it.
#[tokio::test(start_paused = true)]
async fn who_comes_after_an_hour_of_silence_has_as_long_as_any() {
    let minute = Duration::from_secs(60);
    let server = Running::with(patient().head_timeout(minute), hello()).await;
    for _ in 0..2 {
        sleep(60 * minute).await;
        let mut client = server.connect().await;
        sleep(minute / 2).await;
        client.send(&request("/", "connection: close\r\n")).await;
        assert!(client.rest().await.unwrap().ends_with("hello"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_without_connections_sleeps() {
    let server = Running::start(hello()).await;
    for path in [None, Some("/")] {
        if let Some(path) = path {
            let mut client = server.get_with(path, "connection: close\r\n").await;
            client.rest().await.unwrap();
        }
        let metrics = Handle::current().metrics();
        let before = metrics.worker_park_count(0);
        sleep(LONG).await;
        assert!(metrics.worker_park_count(0) - before < 10);
    }
}

#[tokio::test]
async fn who_dribbles_a_head_is_disconnected() {
    for lines in READERS {
        let server = Running::with(patient().head_timeout(SHORT), hello()).await;
        let mut first = server.connect().await;
        let mut second = server.get_with("/", lines).await;
        second.read_to("hello").await;
        // For ever, if nobody ends it.
        for client in [&mut first, &mut second] {
            client.send("GET / HTTP/1.1\r\n").await;
            while client.try_send("a: b\r\n").await.is_ok() {
                sleep(Duration::from_millis(5)).await;
            }
        }
    }
}

#[tokio::test]
async fn who_is_idle_is_disconnected() {
    for lines in READERS {
        let server = Running::with(patient().idle_timeout(SHORT), hello()).await;
        let mut client = server.get_with("/", lines).await;
        client.read_to("hello").await;
        assert_eq!(client.rest().await.unwrap(), "");
    }
}

#[tokio::test]
async fn a_response_that_waits_for_the_app_is_left_alone() {
    for lines in READERS {
        let server = patient()
            .head_timeout(SHORT)
            .idle_timeout(SHORT)
            .stall_timeout(SHORT);
        let gate = Event::new();
        let opened = gate.clone();
        let app = hello().route(
            "/slow",
            get(move || async move {
                opened.happened().await;
                "slow"
            }),
        );
        let server = Running::with(server, app).await;
        let mut slow = server.get_with("/slow", lines).await;
        // Longer than all of them: this one was ended.
        assert_eq!(server.connect().await.rest().await.unwrap(), "");
        assert_eq!(server.connect().await.rest().await.unwrap(), "");
        gate.happen();
        slow.read_to("slow").await;
    }
}

/// A body that has no end and is always ready, how much was asked of it, and why it was dropped.
fn endless() -> (Router, Arc<AtomicUsize>, Event) {
    let produced = Arc::new(AtomicUsize::new(0));
    let dropped = Event::new();
    let (count, at_drop) = (produced.clone(), dropped.clone());
    let handler = move |request: Request| {
        let connection: Connection = request.extensions().get().cloned().unwrap();
        let (count, guard) = (count.clone(), at_drop.on_drop());
        async move {
            let guard = (guard, ExpectStalled(connection));
            let parts = stream::repeat_with(move || {
                let _held = &guard;
                count.fetch_add(8192, Ordering::Relaxed);
                Ok::<_, Infallible>(Bytes::from_static(&[b'x'; 8192]))
            });
            Body::from_stream(parts)
        }
    };
    (hello().route("/endless", get(handler)), produced, dropped)
}

/// A response knows why it was ended.
struct ExpectStalled(Connection);

impl Drop for ExpectStalled {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            assert_eq!(self.0.end(), Some(End::Stalled));
        }
    }
}

#[tokio::test]
async fn who_does_not_read_is_disconnected_and_the_body_is_not_drawn_ahead() {
    for lines in READERS {
        let (app, produced, dropped) = endless();
        let server = Running::with(patient().stall_timeout(SHORT), app).await;
        let mut client = server.get_with("/endless", lines).await;
        client.read_to("\r\n\r\n").await;
        dropped.happened().await;
        // What the kernel holds for a socket, and no more than what the server does.
        let most = KERNEL + (128 << 10);
        assert!(produced.load(Ordering::Relaxed) < most);
    }
}

#[tokio::test]
async fn who_reads_byte_by_byte_is_disconnected() {
    for lines in READERS {
        let (app, _, dropped) = endless();
        let server = Running::with(patient().stall_timeout(SHORT), app).await;
        let mut client = server.get_with("/endless", lines).await;
        let reading = async {
            while let Ok(Some(_)) = client.byte().await {
                sleep(Duration::from_millis(5)).await;
            }
            // What the kernel holds takes longer to read.
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = dropped.happened() => {}
            () = reading => {}
        }
    }
}

#[tokio::test]
async fn connections_above_the_limit_wait_for_a_place() {
    let server = Running::with(patient().max_connections(2), hello()).await;
    let mut held = Vec::new();
    for _ in 0..2 {
        let mut client = server.get("/").await;
        client.read_to("hello").await;
        held.push(client);
    }
    let mut third = server.get("/").await;
    held.pop();
    third.read_to("hello").await;
}
