//! The layers over a socket, in the server that has them by default.

use anabranch_server::Server;
use axum::Router;
use axum::routing::{get as on_get, post};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::support::{Log, files};

/// What the server answers to these bytes, until it closes the connection.
async fn exchange(request: &str) -> String {
    let app = Router::new()
        .route("/", on_get(async || "hello"))
        .route("/upload", post(async |_: String| "taken"));
    exchange_with(app, request).await
}

async fn exchange_with(app: Router, request: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = Server::new().shutdown_on(async {
        let _ = stopped.await;
    });
    let client = async {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).await.unwrap();
        stop.send(()).unwrap();
        answer
    };
    let (answer, served) = tokio::join!(client, server.serve(listener, app));
    served.unwrap();
    answer
}

#[tokio::test]
async fn a_response_carries_what_the_layers_add() {
    let (log, _guard) = Log::capture();
    let answer = exchange("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    for name in [
        "x-content-type-options: nosniff",
        "x-request-id: ",
        "content-length: 5",
    ] {
        assert!(head.contains(&format!("\r\n{name}")), "{head}");
    }
    assert!(!head.to_ascii_lowercase().contains("\r\nserver:"), "{head}");
    assert_eq!(body, "hello");
    let lines = log.access();
    assert_eq!(lines.len(), 1);
    assert!(lines[0].ends_with(" bytes=5 end=\"complete\""), "{lines:?}");
}

#[tokio::test]
async fn a_big_file_is_complete_when_its_last_byte_has_left() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), "x".repeat(300_000)).unwrap();
    let (log, _guard) = Log::capture();
    // The second on the connection shows that the first left it in order.
    let request = "GET /a.txt HTTP/1.1\r\nhost: a\r\n";
    let last = "range: bytes=-150000\r\nconnection: close\r\n";
    let requests = format!("{request}\r\n{request}{last}\r\n");
    let answer = exchange_with(files(folder.path()), &requests).await;
    let (first, second) = answer.split_at(answer.rfind("HTTP/1.1 206 ").unwrap());
    assert!(first.contains("\r\ncontent-length: 300000\r\n"));
    assert!(first.ends_with(&"x".repeat(300_000)));
    assert!(second.contains("\r\ncontent-length: 150000\r\n"));
    assert!(second.ends_with(&format!("\r\n\r\n{}", "x".repeat(150_000))));
    let ends: Vec<_> = log.access();
    let ends: Vec<_> = ends
        .iter()
        .filter_map(|line| line.split("bytes=").nth(1))
        .collect();
    assert_eq!(ends, ["300000 end=\"complete\"", "150000 end=\"complete\""]);
}

#[tokio::test]
async fn a_body_that_says_it_is_too_large_is_refused_and_the_connection_closed() {
    let head = "POST /upload HTTP/1.1\r\nhost: a\r\ncontent-length: 2097153\r\n\r\n";
    let answer = exchange(head).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}

#[tokio::test]
async fn a_body_that_grows_too_large_is_refused_and_the_connection_closed() {
    let head = "POST /upload HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let answer = exchange(&format!("{head}{}", chunk.repeat(33))).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
}
