//! Requests that are refused, and what follows them is not served.

use anabranch_server::Server;
use axum::Router;
use axum::routing::any;

use crate::client::status;
use crate::running::{Event, Running, request};

/// Sends `request` with another one behind it, and returns all that comes back.
async fn answer(request: &str) -> String {
    let app = Router::new().fallback(any(|| async { "served" }));
    let server = Running::start(app).await;
    let mut client = server.connect().await;
    let next = "GET /next HTTP/1.1\r\nhost: x\r\n\r\n";
    // The server may have closed before all of it was sent.
    let _ = client.try_send(&format!("{request}{next}")).await;
    client.rest().await.unwrap()
}

#[tokio::test]
async fn what_could_be_read_in_two_ways_is_refused() {
    for request in [
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: +1\r\n\r\na",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\nhost: x\n\n",
        "GET / HTTP/1.1\r\nhost: x\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x y\r\n\r\n",
        "GET / HTTP/1.1\r\nhost: x\r\n folded: y\r\n\r\n",
        "CONNECT x:1 HTTP/1.1\r\nhost: x:1\r\n\r\n",
    ] {
        let response = answer(request).await;
        assert_eq!(status(&response), "400", "{request:?}: {response}");
        assert_eq!(
            response.matches("HTTP/1.1 ").count(),
            1,
            "{request:?}: {response}"
        );
        assert!(!response.contains("served"), "{request:?}");
    }
}

/// What is read together with another request is looked at like what comes alone.
#[tokio::test]
async fn what_could_be_read_in_two_ways_is_refused_behind_another_request() {
    let app = Router::new().fallback(any(|body: String| async move { format!("[{body}]") }));
    let server = Running::start(app).await;
    for before in [
        "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\n\r\na\nb",
        "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3;a\r\na\nb\r\n0\r\na: b\r\n\r\n",
    ] {
        for request in [
            "POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\na",
            "GET / HTTP/1.1\nhost: x\n\n",
            "\nGET / HTTP/1.1\r\nhost: x\r\n\r\n",
        ] {
            let mut client = server.connect().await;
            client
                .send(&format!("{before}{before}{request}{before}"))
                .await;
            let replies = client.rest().await.unwrap();
            let statuses: Vec<_> = replies.split("HTTP/1.1 ").skip(1).collect();
            let [first, second, third] = statuses[..] else {
                panic!("{request:?} behind {before:?}: {replies}");
            };
            assert!(first.starts_with("200") && second.starts_with("200"));
            assert!(third.starts_with("400"), "{request:?}: {third}");
        }
    }
}

/// Also one that was read while another was answered.
#[tokio::test]
async fn a_head_above_the_limit_is_refused_wherever_it_stands() {
    let gate = Event::new();
    let opened = gate.clone();
    let app = Router::new()
        .route("/slow", any(|| async move { opened.happened().await }))
        .fallback(any(|| async { "served" }));
    let server = Running::with(Server::new().max_head(8 << 10), app).await;
    let field = format!("f: {}\r\n", "x".repeat(10 << 10));
    let mut alone = server.get_with("/", &field).await;
    assert_eq!(status(&alone.rest().await.unwrap()), "431");
    let mut behind = server.get("/slow").await;
    behind.send(&request("/", &field)).await;
    gate.happen();
    assert_eq!(status(&behind.read_to("\r\n\r\n").await), "200");
    assert_eq!(status(&behind.rest().await.unwrap()), "431");
}

/// Without waiting for what would make a head of it.
#[tokio::test]
async fn what_is_no_head_is_refused_at_once() {
    let server = Running::start(Router::new()).await;
    for request in [
        "\x16\x03\x01\0\u{5}\x01\0\0\x01\x03\x03",
        "GET / HTTP/1.1\nhost: x\n\n",
        "GET / HTTP/1.1\r\nhost: x\n\n",
        "GET / HTTP/1.1\r\na b: c",
        "GET\0",
        "SSH-2.0-OpenSSH_9.9\r\n",
    ] {
        let mut client = server.connect().await;
        client.send(request).await;
        let response = client.rest().await.unwrap();
        assert_eq!(status(&response), "400", "{request:?}: {response}");
    }
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let fields: String = (0..100).map(|n| format!("f{n}: x\r\n")).collect();
    let long = "x".repeat(64 << 10);
    for (request, expected) in [
        (format!("GET / HTTP/1.1\r\nhost: x\r\n{fields}\r\n"), "431"),
        (
            format!("GET / HTTP/1.1\r\nhost: x\r\nf: {long}\r\n\r\n"),
            "431",
        ),
        (format!("GET /{long} HTTP/1.1\r\nhost: x\r\n\r\n"), "431"),
    ] {
        let response = answer(&request).await;
        assert_eq!(status(&response), expected, "{response}");
        assert!(!response.contains("served"));
    }
}
