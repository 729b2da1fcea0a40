//! Compression.

use std::convert::Infallible;
use std::io::Write;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use anabranch_boundaries::{Error, boundary};
use anabranch_html::document::END;
use anabranch_router::page;
use anabranch_server::Layers;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get as on_get;
use futures_util::FutureExt as _;
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, VARY,
};
use http::{Request, StatusCode};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use maud::html;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::support::{ask, body, files, gate, get};

/// Decodes what has arrived so far.
enum Decoder {
    Gzip(Box<flate2::write::GzDecoder<Vec<u8>>>),
    Brotli(Box<brotli::DecompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Decoder<'static, Vec<u8>>),
}

impl Decoder {
    fn new(coding: &str) -> Self {
        match coding {
            "gzip" => Self::Gzip(Box::new(flate2::write::GzDecoder::new(Vec::new()))),
            "br" => Self::Brotli(Box::new(brotli::DecompressorWriter::new(
                Vec::new(),
                1 << 16,
            ))),
            "zstd" => Self::Zstd(zstd::stream::write::Decoder::new(Vec::new()).unwrap()),
            other => panic!("no coding: {other}"),
        }
    }

    /// What these bytes add.
    fn read(&mut self, bytes: &[u8]) -> String {
        let output = match self {
            Self::Gzip(decoder) => {
                decoder.write_all(bytes).unwrap();
                decoder.flush().unwrap();
                decoder.get_mut()
            }
            Self::Brotli(decoder) => {
                decoder.write_all(bytes).unwrap();
                decoder.flush().unwrap();
                decoder.get_mut()
            }
            Self::Zstd(decoder) => {
                decoder.write_all(bytes).unwrap();
                decoder.flush().unwrap();
                decoder.get_mut()
            }
        };
        String::from_utf8(std::mem::take(output)).unwrap()
    }
}

/// The text of a response, whatever its coding.
async fn text(response: Response) -> String {
    let coding = response.headers().get(CONTENT_ENCODING).cloned();
    let bytes = body(response).await;
    match coding {
        Some(coding) => Decoder::new(coding.to_str().unwrap()).read(&bytes),
        None => String::from_utf8(bytes.to_vec()).unwrap(),
    }
}

fn coding(response: &Response) -> Option<&str> {
    Some(response.headers().get(CONTENT_ENCODING)?.to_str().unwrap())
}

const LONG: &str = "the quick brown fox jumps over the lazy dog; ";

fn app() -> Router {
    let long = || LONG.repeat(2000);
    Router::new()
        .route("/long", on_get(async move || Html(long())))
        .route("/tiny", on_get(async || Html("tiny")))
        .route(
            "/tagged",
            on_get(async move || {
                let headers = [(ETAG, "\"1\""), (ACCEPT_RANGES, "bytes"), (VARY, "cookie")];
                (headers, Html(long()))
            }),
        )
        .route(
            "/coded",
            on_get(async move || ([(CONTENT_ENCODING, "deflate")], Html(long()))),
        )
        .route(
            "/fixed",
            on_get(async move || ([(CACHE_CONTROL, "public, no-transform")], Html(long()))),
        )
        .route(
            "/events",
            on_get(async move || ([(CONTENT_TYPE, "text/event-stream")], long())),
        )
        .route(
            "/image",
            on_get(async move || ([(CONTENT_TYPE, "image/png")], long())),
        )
        .route(
            "/error",
            on_get(async move || (StatusCode::NOT_FOUND, Html(long()))),
        )
        .route(
            "/same",
            on_get(async || StatusCode::NOT_MODIFIED.into_response()),
        )
}

/// The client is told no length, so only a failure tells it that some is missing.
#[tokio::test]
async fn a_body_that_is_shorter_than_it_said_fails() {
    for (said, fails) in [("5999", false), ("6000", false), ("6001", true)] {
        let part = Ok::<_, Infallible>("x".repeat(6000));
        let app = Router::new().route(
            "/",
            on_get(async move || {
                let body = Body::from_stream(futures_util::stream::iter([part]));
                ([(CONTENT_LENGTH, said), (CONTENT_TYPE, "text/plain")], body)
            }),
        );
        for coding in ["gzip", "br", "zstd"] {
            let request = get("/", &[("accept-encoding", coding)]);
            let response = ask(&Layers::new(), app.clone(), request).await;
            assert_eq!(response.headers()[CONTENT_ENCODING], coding);
            let sent = response.into_body().collect().await;
            assert_eq!(sent.is_err(), fails, "{said} by {coding}");
        }
    }
}

#[tokio::test]
async fn every_patch_can_be_decoded_when_it_is_written() {
    for name in ["gzip", "br", "zstd"] {
        let (open_first, first) = gate();
        let (open_second, second) = gate();
        let gates = Arc::new(Mutex::new(Some((first, second))));
        let app = Router::new().route(
            "/",
            on_get(page(async move || {
                let (first, second) = gates.lock().unwrap().take().unwrap();
                Ok::<_, Error>(html! {
                    h1 { "now" }
                    (boundary(async move { first.await; Ok(html! { "the first" }) }))
                    (boundary(async move { second.await; Ok(html! { "the second" }) }))
                })
            })),
        );
        let response = ask(&Layers::new(), app, get("/", &[("accept-encoding", name)])).await;
        assert_eq!(coding(&response), Some(name));
        assert_eq!(response.headers()[VARY], "accept-encoding");
        assert!(!response.headers().contains_key(CONTENT_LENGTH));
        let mut decoder = Decoder::new(name);
        let mut sent = response.into_body();
        let mut frame = async || {
            let frame = sent.frame().await.unwrap().unwrap().into_data().unwrap();
            decoder.read(&frame)
        };
        let shell = frame().await;
        assert!(shell.starts_with("<h1>now</h1>"), "{name}: {shell}");
        assert!(shell.len() >= 1024, "the shell is there in full: {shell}");
        assert!(frame().now_or_never().is_none(), "nothing else is ready");
        open_first.send(()).unwrap();
        let patch = frame().await;
        assert!(
            patch.starts_with("<template for=\"0\">the first</template>"),
            "{patch}"
        );
        assert!(frame().now_or_never().is_none());
        open_second.send(()).unwrap();
        let patch = frame().await;
        assert!(
            patch.starts_with("<template for=\"1\">the second</template>"),
            "{patch}"
        );
        assert!(patch.ends_with(END), "{patch}");
        assert!(sent.frame().await.is_none());
    }
}

/// A body that says how long it is before it is there, as one that a proxy passes on.
struct PassedOn {
    parts: UnboundedReceiver<Bytes>,
    left: usize,
}

impl HttpBody for PassedOn {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = ready!(self.parts.poll_recv(cx));
        self.left -= part.as_ref().map_or(0, Bytes::len);
        Poll::Ready(part.map(|part| Ok(Frame::data(part))))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left as u64)
    }
}

#[tokio::test]
async fn what_is_there_of_a_body_is_sent_while_the_rest_is_waited_for() {
    for name in ["gzip", "br", "zstd"] {
        let (send, parts) = unbounded_channel();
        let left = 3 * LONG.len() * 100;
        let body = Arc::new(Mutex::new(Some(PassedOn { parts, left })));
        let app = Router::new().route(
            "/",
            on_get(async move || Html(Body::new(body.lock().unwrap().take().unwrap()))),
        );
        let response = ask(&Layers::new(), app, get("/", &[("accept-encoding", name)])).await;
        assert_eq!(coding(&response), Some(name));
        let mut decoder = Decoder::new(name);
        let mut sent = response.into_body();
        let part = LONG.repeat(100);
        for parts in [1, 2] {
            for _ in 0..parts {
                send.send(Bytes::from(part.clone())).unwrap();
            }
            let frame = sent.frame().now_or_never().unwrap();
            let frame = frame.unwrap().unwrap().into_data().unwrap();
            assert_eq!(decoder.read(&frame), part.repeat(parts), "{name}");
            assert!(sent.frame().now_or_never().is_none(), "{name}");
        }
        drop(send);
        let end = sent.collect().await.unwrap().to_bytes();
        assert_eq!(decoder.read(&end), "", "{name}");
    }
}

#[tokio::test]
async fn the_client_decides() {
    for (accepted, expected) in [
        ("", None),
        ("gzip, deflate, br, zstd", Some("zstd")),
        ("gzip, deflate, br", Some("gzip")),
        ("br", Some("br")),
        ("gzip;q=0, br;q=0.1", Some("br")),
        ("*;q=0", None),
        ("identity", None),
        ("deflate", None),
    ] {
        let request = get("/long", &[("accept-encoding", accepted)]);
        let response = ask(&Layers::new(), app(), request).await;
        assert_eq!(coding(&response), expected, "{accepted:?}");
        assert_eq!(response.headers()[VARY], "accept-encoding");
        assert_eq!(text(response).await, LONG.repeat(2000), "{accepted:?}");
    }
    let response = ask(&Layers::new(), app(), get("/long", &[])).await;
    assert_eq!(coding(&response), None);
    assert_eq!(response.headers()[VARY], "accept-encoding");
}

#[tokio::test]
async fn what_would_not_gain_is_left_as_it_is() {
    for path in ["/tiny", "/coded", "/fixed", "/events", "/image", "/same"] {
        let request = get(path, &[("accept-encoding", "gzip")]);
        let response = ask(&Layers::new(), app(), request).await;
        let expected = (path == "/coded").then_some("deflate");
        assert_eq!(coding(&response), expected, "{path}");
        assert!(!response.headers().contains_key(VARY), "{path}");
    }
    let response = ask(
        &Layers::new(),
        app(),
        get("/error", &[("accept-encoding", "gzip")]),
    )
    .await;
    assert_eq!(coding(&response), Some("gzip"));
    let layers = Layers::new().without_compression();
    let response = ask(&layers, app(), get("/long", &[("accept-encoding", "gzip")])).await;
    assert_eq!(coding(&response), None);
    assert!(!response.headers().contains_key(VARY));
}

#[tokio::test]
async fn a_compressed_response_has_a_head_of_its_own() {
    let request = get("/tagged", &[("accept-encoding", "gzip")]);
    let response = ask(&Layers::new(), app(), request).await;
    let headers = response.headers();
    assert_eq!(headers[ETAG], "W/\"1\"");
    assert!(!headers.contains_key(ACCEPT_RANGES));
    let vary: Vec<_> = headers.get_all(VARY).iter().collect();
    assert_eq!(vary, ["cookie", "accept-encoding"]);

    let response = ask(&Layers::new(), app(), get("/tagged", &[])).await;
    assert_eq!(response.headers()[ETAG], "\"1\"");
    assert_eq!(response.headers()[ACCEPT_RANGES], "bytes");
}

#[tokio::test]
async fn head_says_what_there_is_without_a_coding() {
    let request = Request::head("/long").header("accept-encoding", "gzip");
    let response = ask(&Layers::new(), app(), request.body(Body::empty()).unwrap()).await;
    assert_eq!(coding(&response), None);
    assert_eq!(response.headers()[VARY], "accept-encoding");
    assert_eq!(response.headers()[CONTENT_LENGTH], "90000");
}

#[tokio::test]
async fn files_are_compressed_whole_and_never_in_part() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.txt"), LONG.repeat(2000)).unwrap();
    let app = || files(folder.path());
    let request = get("/a.txt", &[("accept-encoding", "zstd")]);
    let response = ask(&Layers::new(), app(), request).await;
    assert_eq!(coding(&response), Some("zstd"));
    let etag = response.headers()[ETAG].to_str().unwrap().to_owned();
    assert!(etag.starts_with("W/"));
    assert_eq!(text(response).await, LONG.repeat(2000));

    let request = get(
        "/a.txt",
        &[("accept-encoding", "zstd"), ("range", "bytes=10-2019")],
    );
    let response = ask(&Layers::new(), app(), request).await;
    assert_eq!(response.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(coding(&response), None);
    assert_eq!(body(response).await, LONG.repeat(2000)[10..2020]);

    let request = get(
        "/a.txt",
        &[("accept-encoding", "zstd"), ("if-none-match", &etag)],
    );
    let response = ask(&Layers::new(), app(), request).await;
    assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(coding(&response), None);
}

#[tokio::test]
async fn a_file_that_shrinks_while_it_is_sent_has_no_end() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.txt");
    let layers = Layers::new();
    for accepted in ["gzip", "zstd", "br", "identity"] {
        let ask = async || {
            let request = get("/a.txt", &[("accept-encoding", accepted)]);
            ask(&layers, files(folder.path()), request).await
        };
        std::fs::write(&file, LONG.repeat(8000)).unwrap();
        assert_eq!(text(ask().await).await, LONG.repeat(8000));
        let response = ask().await;
        let length = response.headers().contains_key(CONTENT_LENGTH);
        assert_eq!(length, accepted == "identity");
        std::fs::write(&file, LONG.repeat(6000)).unwrap();
        let error = response.into_body().collect().await.unwrap_err();
        assert!(format!("{error:?}").contains("became shorter"), "{error:?}");
    }
}

#[tokio::test]
async fn a_body_that_fails_is_cut_and_not_ended() {
    let app = Router::new().route(
        "/",
        on_get(async || {
            let frames = [
                Ok(Bytes::from(LONG.repeat(100))),
                Err(std::io::Error::other("broken")),
            ];
            (
                [(CONTENT_TYPE, "text/html")],
                Body::from_stream(futures_util::stream::iter(frames)),
            )
        }),
    );
    let response = ask(
        &Layers::new(),
        app,
        get("/", &[("accept-encoding", "gzip")]),
    )
    .await;
    let mut sent = response.into_body();
    let first = sent.frame().await.unwrap().unwrap().into_data().unwrap();
    assert_eq!(Decoder::new("gzip").read(&first), LONG.repeat(100));
    assert!(sent.frame().await.unwrap().is_err());
}
