//! The way to the end.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::time::Duration;

use anabranch_server::Server;
use axum::Router;
use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONNECTION, UPGRADE};
use axum::routing::get;
use futures_util::stream::{self, StreamExt};
use tokio::net::TcpSocket;
#[cfg(unix)]
use tokio::net::UnixListener;
#[cfg(unix)]
use tokio::sync::oneshot;

use crate::client::status;
use crate::running::{Event, READERS, Running};

const LONG: Duration = Duration::from_secs(600);

/// `/` is answered at once, `/slow` when the gate opens, `/endless` never ends.
fn app(gate: &Event) -> Router {
    let opened = gate.clone();
    let handler = move || async move {
        let parts = stream::iter(["begin", " end"]).then(move |part| {
            let opened = opened.clone();
            async move {
                if part == " end" {
                    opened.happened().await;
                }
                Ok::<_, std::convert::Infallible>(part)
            }
        });
        Body::from_stream(parts)
    };
    let endless = || async {
        let parts = stream::iter([Ok::<_, std::convert::Infallible>("begin")]);
        Body::from_stream(parts.chain(stream::pending()))
    };
    Router::new()
        .route("/", get(|| async { "hello" }))
        .route("/slow", get(handler))
        .route("/endless", get(endless))
}

#[tokio::test]
async fn open_responses_end_and_idle_connections_close() {
    let gate = Event::new();
    let mut server = Running::with(Server::new().drain(LONG), app(&gate)).await;
    let mut idle = server.get("/").await;
    idle.read_to("hello").await;
    let mut slow = server.get("/slow").await;
    slow.read_to("begin").await;

    server.stop();
    assert_eq!(idle.rest().await.unwrap(), "");
    // The listener is closed by now.
    let refused = tokio::net::TcpStream::connect(server.address).await;
    assert!(refused.is_err());
    gate.happen();
    let rest = slow.rest().await.unwrap();
    assert!(rest.ends_with(" end\r\n0\r\n\r\n"), "{rest}");
    server.ended().await;
}

#[tokio::test]
async fn a_request_that_is_on_its_way_is_answered() {
    for lines in READERS {
        let mut server = Running::with(Server::new().drain(LONG), app(&Event::new())).await;
        let mut accepted = server.connect().await;
        let mut begun = server.connect().await;
        begun.send("GET / HTTP/1.1\r\n").await;
        let mut again = server.get_with("/", lines).await;
        again.read_to("hello").await;
        again.send("GET / HTTP/1.1\r\n").await;
        // Its answer shows that the others were accepted before.
        server.get("/").await.read_to("hello").await;
        let mut idle = server.get("/").await;
        idle.read_to("hello").await;
        let mut waiting = server.connect().await;
        server.stop();
        // Its end shows that the others know of the stop.
        assert_eq!(idle.rest().await.unwrap(), "");
        for client in [&mut accepted, &mut waiting] {
            client.send("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
        }
        for client in [&mut begun, &mut again] {
            client.send("host: x\r\n\r\n").await;
        }
        for client in [&mut accepted, &mut waiting, &mut begun, &mut again] {
            let response = client.rest().await.unwrap();
            assert!(response.contains("connection: close"), "{response}");
            assert!(response.ends_with("hello"), "{response}");
        }
        server.ended().await;
    }
}

/// Its header says that the connection changes, and a client that misses that gives up.
#[tokio::test]
async fn a_change_of_protocol_that_is_on_its_way_is_answered_as_the_app_does() {
    let headers = [(CONNECTION, "upgrade"), (UPGRADE, "echo")];
    let app = app(&Event::new()).route(
        "/echo",
        get(async move || (StatusCode::SWITCHING_PROTOCOLS, headers)),
    );
    let mut server = Running::with(Server::new().drain(LONG), app).await;
    let mut client = server.connect().await;
    client.send("GET /echo HTTP/1.1\r\nhost: x\r\n").await;
    let mut idle = server.get("/").await;
    idle.read_to("hello").await;
    server.stop();
    assert_eq!(idle.rest().await.unwrap(), "");
    client
        .send("connection: upgrade\r\nupgrade: echo\r\n\r\n")
        .await;
    let head = client.read_to("\r\n\r\n").await;
    assert_eq!(status(&head), "101");
    assert!(head.contains("connection: upgrade\r\n"), "{head}");
}

#[tokio::test]
async fn what_never_ends_is_cut_visibly_at_the_drain_deadline() {
    let drain = Duration::from_millis(50);
    let mut server = Running::with(Server::new().drain(drain), app(&Event::new())).await;
    let mut client = server.get("/endless").await;
    client.read_to("begin\r\n").await;
    server.stop();
    assert_eq!(client.rest().await.unwrap(), "", "no terminator");
    server.ended().await;
}

#[tokio::test]
async fn a_client_that_only_connected_does_not_hold_the_server() {
    let mut server = Running::with(Server::new().drain(LONG), app(&Event::new())).await;
    let mut client = server.connect().await;
    server.get("/").await.read_to("hello").await;
    server.stop();
    server.ended().await;
    assert_eq!(client.rest().await.unwrap(), "");
}

#[tokio::test]
async fn all_that_the_kernel_has_accepted_is_answered() {
    // More than a task of tokio's takes in one turn.
    const CLIENTS: usize = 300;
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
    // The kernel has room for all of them.
    let listener = socket.listen(1024).unwrap();
    let server = Server::new().drain(LONG);
    let mut server = Running::on(listener, server, app(&Event::new()));
    // It waits for connections by now, and gets no turn until the stop is there, too.
    server.get("/").await.read_to("hello").await;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let mut client = TcpStream::connect(server.address).unwrap();
            client
                .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
                .unwrap();
            client
        })
        .collect();
    server.stop();
    server.ended().await;
    for mut client in clients {
        let mut response = String::new();
        client.read_to_string(&mut response).unwrap();
        assert!(response.ends_with("hello"), "{response}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn what_waits_at_a_unix_socket_is_answered_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let server = Server::new().without_layers().shutdown_on(async {
        stopped.await.unwrap();
    });
    let server = server.serve(listener, app(&Event::new()));
    let client = async {
        // The server waits by now.
        let mut client = UnixStream::connect(&path).unwrap();
        client
            .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            .unwrap();
        stop.send(()).unwrap();
        client
    };
    let (served, mut client) = tokio::join!(server, client);
    served.unwrap();
    let mut response = String::new();
    client.read_to_string(&mut response).unwrap();
    assert!(response.ends_with("hello"), "{response}");
}

#[tokio::test]
async fn a_drain_without_a_deadline_waits_for_the_last_response() {
    let gate = Event::new();
    let server = Server::new().drain(Duration::MAX);
    let mut server = Running::with(server, app(&gate)).await;
    let mut slow = server.get("/slow").await;
    slow.read_to("begin").await;
    let mut idle = server.get("/").await;
    idle.read_to("hello").await;
    server.stop();
    // The end of the other connection shows that the drain is under way.
    assert_eq!(idle.rest().await.unwrap(), "");
    gate.happen();
    let rest = slow.rest().await.unwrap();
    assert!(rest.ends_with(" end\r\n0\r\n\r\n"), "{rest}");
    server.ended().await;
}
