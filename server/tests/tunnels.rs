//! Connections that an app takes over, as a WebSocket does. Apart from the other tests, since the
//! memory of the process is looked at.

#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "in a test, a panic is the failure")]

use std::fs;
use std::net::SocketAddr;
use std::time::Duration;

use anabranch_server::Server;
use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, UPGRADE};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http_body_util::Empty;
use hyper::body::Bytes;
use hyper::client::conn::http2;
use hyper::ext::Protocol;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SHORT: Duration = Duration::from_millis(100);

/// Gives back what it is sent, once it has read as much as the first eight bytes say.
async fn echo(mut request: Request) -> Response {
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        let mut tunnel = TokioIo::new(upgrade.await.unwrap());
        let mut sink = tokio::io::sink();
        let length = tunnel.read_u64().await.unwrap();
        tokio::io::copy(&mut (&mut tunnel).take(length), &mut sink)
            .await
            .unwrap();
        tunnel.write_u64(length).await.unwrap();
        tunnel.flush().await.unwrap();
        // Until the client goes.
        let _ = tunnel.read_u64().await;
    });
    if request.version() == axum::http::Version::HTTP_2 {
        return StatusCode::OK.into_response();
    }
    let headers = [(CONNECTION, "upgrade"), (UPGRADE, "echo")];
    (StatusCode::SWITCHING_PROTOCOLS, headers).into_response()
}

async fn start(server: Server) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = Router::new()
        .route("/", any(|| async { "hello" }))
        .route("/echo", any(echo));
    let server = server.shutdown_on(std::future::pending());
    tokio::spawn(server.serve(listener, app));
    address
}

/// Bytes of memory that the process holds.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.unwrap().trim().strip_suffix(" kB").unwrap();
    kibibytes.parse::<u64>().unwrap() << 10
}

/// What passes is not read as heads, of which a line without an end would be kept.
#[tokio::test]
async fn a_tunnel_keeps_nothing_of_what_passes() {
    const LENGTH: u64 = 64 << 20;
    let server = start(Server::new()).await;
    let mut socket = TcpStream::connect(server).await.unwrap();
    let head = "GET /echo HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: echo\r\n\r\n";
    socket.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        assert!(socket.read_buf(&mut answer).await.unwrap() > 0);
    }
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 101 "), "{answer}");
    let before = resident();
    socket.write_u64(LENGTH).await.unwrap();
    let part = [b'x'; 64 << 10];
    for _ in 0..LENGTH / part.len() as u64 {
        socket.write_all(&part).await.unwrap();
    }
    assert_eq!(socket.read_u64().await.unwrap(), LENGTH);
    let more = resident().saturating_sub(before);
    assert!(more < LENGTH / 4, "{more} bytes more");
}

#[tokio::test]
async fn a_tunnel_on_http_2_keeps_its_connection_from_being_idle() {
    let server = start(Server::new().idle_timeout(SHORT)).await;
    let socket = TcpStream::connect(server).await.unwrap();
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), TokioIo::new(socket))
        .await
        .unwrap();
    tokio::spawn(connection);
    // The server has said by then that it takes such requests.
    let request = Request::get("http://x/").body(Empty::<Bytes>::new());
    sender.send_request(request.unwrap()).await.unwrap();
    let mut request = Request::connect("http://x/echo")
        .body(Empty::<Bytes>::new())
        .unwrap();
    let protocol = Protocol::from_static("websocket");
    request.extensions_mut().insert(protocol);
    let response = sender.send_request(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let mut tunnel = TokioIo::new(hyper::upgrade::on(response).await.unwrap());
    // Connections that are idle are ended meanwhile.
    for _ in 0..2 {
        let mut idle = TcpStream::connect(server).await.unwrap();
        idle.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .await
            .unwrap();
        idle.read_to_end(&mut Vec::new()).await.unwrap();
    }
    tunnel.write_u64(3).await.unwrap();
    tunnel.write_all(b"abc").await.unwrap();
    assert_eq!(tunnel.read_u64().await.unwrap(), 3);
}
