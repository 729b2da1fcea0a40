//! Answers as they are on the wire, whoever writes them.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRAILER, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use futures_util::stream::{self, StreamExt};
use http_body::Frame;
use http_body_util::StreamBody;
use hyper::ext::ReasonPhrase;

use crate::client::{Client, status};
use crate::running::{Event, READERS, Running, request};

/// Pieces of a body of unknown length.
fn in_pieces(sizes: &'static [usize]) -> Body {
    let piece = |size| Ok::<_, Infallible>(Bytes::from(vec![b'x'; size]));
    Body::from_stream(stream::iter(sizes.iter().copied().map(piece)))
}

fn endless() -> Body {
    Body::from_stream(stream::pending::<Result<Bytes, Infallible>>())
}

fn declared(length: &'static str) -> Response {
    ([(CONTENT_LENGTH, length)], in_pieces(&[5, 5])).into_response()
}

fn with_trailers() -> Response {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-end", "1".parse().unwrap());
    let frames = [Frame::data(Bytes::from("data")), Frame::trailers(trailers)];
    let body = StreamBody::new(stream::iter(frames.map(Ok::<_, Infallible>)));
    ([(TRAILER, "x-end")], Body::new(body)).into_response()
}

/// Sizes around those at which data is copied, or ends a write.
const SIZES: [usize; 14] = [
    1, 0, 2, 480, 15, 16, 500, 4096, 600, 0, 100_000, 3, 65_536, 1,
];

const LARGE: usize = 8 << 20;

fn app() -> Router {
    Router::new()
        .route("/", get(|| async { "fine" }))
        .route(
            "/teapot",
            get(|| async {
                let reason = ReasonPhrase::from_static(b"Short and stout");
                (StatusCode::IM_A_TEAPOT, Extension(reason), "tea")
            }),
        )
        .route(
            "/fine",
            get(|| async { (Extension(ReasonPhrase::from_static(b"Fine")), "fine") }),
        )
        .route("/empty", get(|| async {}))
        .route("/204", get(|| async { (StatusCode::NO_CONTENT, "no") }))
        .route("/304", get(|| async { (StatusCode::NOT_MODIFIED, "no") }))
        .route(
            "/599",
            get(|| async { (StatusCode::from_u16(599).unwrap(), "odd") }),
        )
        .route("/exact", get(|| async { declared("10") }))
        .route("/less", get(|| async { declared("7") }))
        .route("/more", get(|| async { declared("12") }))
        .route(
            "/none",
            get(|| async { ([(CONTENT_LENGTH, "12")], in_pieces(&[])) }),
        )
        .route("/pieces", get(|| async { in_pieces(&SIZES) }))
        .route("/large", get(|| async { in_pieces(&[LARGE]) }))
        .route("/nothing", get(|| async { in_pieces(&[]) }))
        .route(
            "/close",
            get(|| async { ([(CONNECTION, "close")], "last") }),
        )
        .route(
            "/coded",
            get(|| async { ([(TRANSFER_ENCODING, "chunked")], in_pieces(&[4])) }),
        )
        .route(
            "/passed-on",
            get(|| async { ([(TRANSFER_ENCODING, "gzip, chunked")], in_pieces(&[4])) }),
        )
        .route(
            "/dated",
            get(|| async { ([(DATE, "Thu, 01 Jan 1970 00:00:00 GMT")], "old") }),
        )
        .route("/trailers", get(|| async { with_trailers() }))
        .route("/103", get(|| async { StatusCode::EARLY_HINTS }))
        .route(
            "/101",
            get(|| async { (StatusCode::SWITCHING_PROTOCOLS, endless()) }),
        )
}

/// The head of the answer, in lower case and without its date, and that it has one date.
async fn head(client: &mut Client) -> String {
    let head = client.read_to("\r\n\r\n").await.to_lowercase();
    let (dates, rest): (Vec<_>, Vec<_>) = head
        .split_inclusive("\r\n")
        .partition(|line| line.starts_with("date: "));
    assert_eq!(dates.len(), 1, "{head}");
    rest.concat()
}

/// What a reader makes of chunks.
async fn in_chunks(client: &mut Client) -> String {
    let mut content = String::new();
    loop {
        let line = client.read_to("\r\n").await;
        let size = usize::from_str_radix(line.trim_end(), 16).unwrap();
        let chunk = client.read(size + 2).await;
        content += chunk.strip_suffix("\r\n").unwrap();
        if size == 0 {
            return content;
        }
    }
}

#[tokio::test]
async fn whoever_writes_an_answer_its_content_and_its_end_are_the_same() {
    let server = Running::start(app()).await;
    for lines in READERS {
        let mut client = server.connect().await;
        for (path, status, content) in [
            ("/", "200 ok", "fine"),
            ("/teapot", "418 short and stout\r\n", "tea"),
            ("/fine", "200 fine\r\n", "fine"),
            ("/empty", "200 ok", ""),
            ("/nothing", "200 ok", ""),
            ("/599", "599 ", "odd"),
            ("/exact", "200 ok", "xxxxxxxxxx"),
            ("/less", "200 ok", "xxxxxxx"),
            ("/missing", "404 not found", ""),
        ] {
            client.send(&request(path, lines)).await;
            let head = head(&mut client).await;
            let length = format!("\r\ncontent-length: {}\r\n", content.len());
            assert!(
                head.starts_with(&format!("http/1.1 {status}")),
                "{path}: {head}"
            );
            assert_eq!(head.matches(&length).count(), 1, "{path}: {head}");
            assert_eq!(head.matches("content-length").count(), 1, "{path}: {head}");
            assert!(!head.contains("transfer-encoding"), "{path}: {head}");
            assert_eq!(client.read(content.len()).await, content, "{path}");
        }
        for (path, size) in [
            ("/pieces", SIZES.iter().sum()),
            ("/coded", 4),
            ("/passed-on", 4),
        ] {
            client.send(&request(path, lines)).await;
            let head = head(&mut client).await;
            let codings: Vec<_> = head.matches("transfer-encoding: ").collect();
            assert_eq!(codings.len(), 1, "{path}: {head}");
            assert!(
                head.contains("transfer-encoding: chunked"),
                "{path}: {head}"
            );
            assert!(!head.contains("content-length"), "{path}: {head}");
            assert_eq!(in_chunks(&mut client).await, "x".repeat(size), "{path}");
        }
        for path in ["/204", "/304"] {
            client.send(&request(path, lines)).await;
            let head = head(&mut client).await;
            assert!(!head.contains("transfer-encoding"), "{path}: {head}");
            assert!(!head.contains("content-length"), "{path}: {head}");
            client
                .send(&request(path, lines).replace("GET", "HEAD"))
                .await;
            let head = self::head(&mut client).await;
            assert!(!head.contains("content-length"), "HEAD {path}: {head}");
            // That was hyper's, and what follows is.
            client = server.connect().await;
        }
        client.send(&request("/", lines)).await;
        client.read_to("fine").await;
    }
}

#[tokio::test]
async fn an_answer_shorter_than_it_says_is_cut() {
    let server = Running::start(app()).await;
    let mut client = server.get("/more").await;
    assert!(head(&mut client).await.contains("content-length: 12"));
    assert_eq!(client.rest().await.unwrap(), "x".repeat(10));
}

/// Nothing was sent yet, so it can still be told by the status.
#[tokio::test]
async fn an_answer_that_has_nothing_of_what_it_says_is_a_500() {
    let server = Running::start(app()).await;
    for lines in READERS {
        let mut client = server.get_with("/none", lines).await;
        let response = client.read_to("Internal Server Error\r\n").await;
        assert_eq!(status(&response), "500");
        client.read_to("\r\n\r\nInternal Server Error").await;
        client.send(&request("/", lines)).await;
        client.read_to("fine").await;
    }
}

/// `nc` does so when its input has ended.
#[tokio::test]
async fn a_client_that_sends_no_more_gets_what_is_ready() {
    let server = Running::start(app()).await;
    // Also more than the socket has room for.
    for (path, size) in [("/pieces", SIZES.iter().sum()), ("/large", LARGE)] {
        let mut client = server.get(path).await;
        client.finish_sending().await;
        head(&mut client).await;
        assert_eq!(in_chunks(&mut client).await.len(), size, "{path}");
        assert_eq!(client.rest().await.unwrap(), "");
    }
}

#[tokio::test]
async fn an_app_may_end_the_connection() {
    let server = Running::start(app()).await;
    for lines in READERS {
        let mut client = server.get_with("/close", lines).await;
        assert!(
            head(&mut client)
                .await
                .contains("\r\nconnection: close\r\n")
        );
        assert_eq!(client.rest().await.unwrap(), "last");
    }
}

#[tokio::test]
async fn an_app_may_set_the_date() {
    let server = Running::start(app()).await;
    for lines in READERS {
        let mut client = server.get_with("/dated", lines).await;
        let head = client.read_to("\r\n\r\nold").await.to_lowercase();
        assert_eq!(head.matches("\r\ndate: ").count(), 1, "{head}");
        assert!(head.contains("thu, 01 jan 1970"), "{head}");
    }
}

#[tokio::test]
async fn trailers_go_to_those_who_ask_for_them() {
    let server = Running::start(app()).await;
    for (lines, end) in READERS.into_iter().zip(["", "x-end: 1\r\n"]) {
        let mut client = server.get_with("/trailers", lines).await;
        client.read_to("\r\n\r\n4\r\ndata\r\n0\r\n").await;
        assert_eq!(
            client.read_to("\r\n").await,
            if end.is_empty() { "\r\n" } else { end }
        );
    }
}

#[tokio::test]
async fn what_is_no_answer_is_a_500_and_the_end() {
    let server = Running::start(app()).await;
    let text = "\r\n\r\ninternal server error";
    for (path, lines, end) in [
        ("/103", READERS[0], text),
        ("/103", READERS[1], text),
        ("/101", READERS[0], "\r\n\r\n"),
    ] {
        let mut client = server.get_with(path, lines).await;
        let rest = client.rest().await.unwrap().to_lowercase();
        assert!(rest.starts_with("http/1.1 500 internal"), "{path}: {rest}");
        assert!(rest.contains("\r\nconnection: close\r\n"), "{path}: {rest}");
        assert!(rest.ends_with(end), "{path}: {rest}");
    }
}

/// A page that waits for its boundaries must not hold on to the shell.
#[tokio::test]
async fn what_has_been_sent_is_given_back_while_the_answer_waits() {
    struct Held {
        bytes: Vec<u8>,
        _dropped: crate::running::OnDrop,
    }
    impl AsRef<[u8]> for Held {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }
    for lines in READERS {
        for size in [10, 10_000] {
            let dropped = Event::new();
            let at_drop = dropped.clone();
            let handler = move || {
                let held = Held {
                    bytes: vec![b'x'; size],
                    _dropped: at_drop.on_drop(),
                };
                let part = Ok::<_, Infallible>(Bytes::from_owner(held));
                let parts = stream::iter([part]).chain(stream::pending());
                async move { Body::from_stream(parts) }
            };
            let server = Running::start(Router::new().route("/", get(handler))).await;
            let mut client = server.get_with("/", lines).await;
            client.read_to(&"x".repeat(size)).await;
            dropped.happened().await;
        }
    }
}
